/** Instance pools: the instances of each placement, and the calls that wait for them. */
@NullMarked
package dev.hearth.executor.pool;

import org.jspecify.annotations.NullMarked;
