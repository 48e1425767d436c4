/** Who this node is, and its heartbeat. */
@NullMarked
package dev.hearth.executor.node;

import org.jspecify.annotations.NullMarked;
