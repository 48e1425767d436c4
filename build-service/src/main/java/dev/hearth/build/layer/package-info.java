/** Layers: one pruned distribution each, made once and found again by what it was made from. */
@NullMarked
package dev.hearth.build.layer;

import org.jspecify.annotations.NullMarked;
