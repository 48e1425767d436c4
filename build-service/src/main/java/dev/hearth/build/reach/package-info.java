/**
 * Which modules a function's code can reach, found by following imports without running anything.
 */
@NullMarked
package dev.hearth.build.reach;

import org.jspecify.annotations.NullMarked;
