/** Knows where the target differs from CPython, and finds code that meets such a difference. */
@NullMarked
package dev.hearth.build.difference;

import org.jspecify.annotations.NullMarked;
