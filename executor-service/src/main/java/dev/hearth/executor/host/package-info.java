/** Host processes and the pool of those that belong to nobody yet. */
@NullMarked
package dev.hearth.executor.host;

import org.jspecify.annotations.NullMarked;
