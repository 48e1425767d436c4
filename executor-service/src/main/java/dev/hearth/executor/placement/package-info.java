/** Placements of this node: started, warmed, evicted and stopped as the scheduler commands. */
@NullMarked
package dev.hearth.executor.placement;

import org.jspecify.annotations.NullMarked;
