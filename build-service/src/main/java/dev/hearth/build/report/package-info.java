/** What a build shipped, what it left out, and why. */
@NullMarked
package dev.hearth.build.report;

import org.jspecify.annotations.NullMarked;
