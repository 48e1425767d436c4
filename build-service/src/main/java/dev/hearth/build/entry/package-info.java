/** Finds a project's entry point by reading its code. */
@NullMarked
package dev.hearth.build.entry;

import org.jspecify.annotations.NullMarked;
