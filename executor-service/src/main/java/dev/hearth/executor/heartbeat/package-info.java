/** The node's heartbeat to the scheduler. */
@NullMarked
package dev.hearth.executor.heartbeat;

import org.jspecify.annotations.NullMarked;
