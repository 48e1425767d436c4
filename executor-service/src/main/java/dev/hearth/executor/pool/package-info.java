/** What the scheduler wants here, and keeping it alive. */
@NullMarked
package dev.hearth.executor.pool;

import org.jspecify.annotations.NullMarked;
