/** Finding the entry point by looking at the code. */
@NullMarked
package dev.hearth.build.entry;

import org.jspecify.annotations.NullMarked;
