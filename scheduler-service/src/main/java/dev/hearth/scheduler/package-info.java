/** Decides on which nodes revisions run and which route each function has. */
@NullMarked
package dev.hearth.scheduler;

import org.jspecify.annotations.NullMarked;
