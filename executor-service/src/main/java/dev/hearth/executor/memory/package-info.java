/** The memory budget that all host processes of this node share. */
@NullMarked
package dev.hearth.executor.memory;

import org.jspecify.annotations.NullMarked;
