/** Wheel files: checking, reading, fetching and installing them. */
@NullMarked
package dev.hearth.build.wheel;

import org.jspecify.annotations.NullMarked;
