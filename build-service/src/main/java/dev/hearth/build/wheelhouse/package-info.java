/** Wheels that an operator had built for the platform's interpreter, and how that is done. */
@NullMarked
package dev.hearth.build.wheelhouse;

import org.jspecify.annotations.NullMarked;
