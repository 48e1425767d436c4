/** Pruning and packing. */
@NullMarked
package dev.hearth.build.pack;

import org.jspecify.annotations.NullMarked;
