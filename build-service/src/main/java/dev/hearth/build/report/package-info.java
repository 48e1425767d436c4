/** The report of a build: what it shipped, what it left out, and why. */
@NullMarked
package dev.hearth.build.report;

import org.jspecify.annotations.NullMarked;
