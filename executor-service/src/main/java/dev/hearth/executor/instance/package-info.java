/** What the scheduler wants here, and keeping it alive. */
@NullMarked
package dev.hearth.executor.instance;

import org.jspecify.annotations.NullMarked;
