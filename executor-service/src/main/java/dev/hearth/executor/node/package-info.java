/** Identity, settings and clock of this node. */
@NullMarked
package dev.hearth.executor.node;

import org.jspecify.annotations.NullMarked;
