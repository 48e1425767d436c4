/** Runtimes: how hosts are started, shared between instances, and snapshotted. */
@NullMarked
package dev.hearth.executor.runtime;

import org.jspecify.annotations.NullMarked;
