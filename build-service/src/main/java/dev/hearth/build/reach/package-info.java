/** Finds the modules that a function can reach, by following imports without running code. */
@NullMarked
package dev.hearth.build.reach;

import org.jspecify.annotations.NullMarked;
