/** Snapshots of host processes: of a booted stem, and of one with a revision imported. */
@NullMarked
package dev.hearth.executor.snapshot;

import org.jspecify.annotations.NullMarked;
