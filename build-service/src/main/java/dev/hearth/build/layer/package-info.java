/** Layers: each holds one pruned distribution and is reused by all builds that need the same. */
@NullMarked
package dev.hearth.build.layer;

import org.jspecify.annotations.NullMarked;
