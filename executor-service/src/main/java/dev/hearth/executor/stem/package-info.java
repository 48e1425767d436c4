/** Stem pools: booted host processes that belong to no tenant yet. */
@NullMarked
package dev.hearth.executor.stem;

import org.jspecify.annotations.NullMarked;
