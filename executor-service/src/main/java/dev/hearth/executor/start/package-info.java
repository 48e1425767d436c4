/** Starts of instances: from a snapshot, or by importing in a host of the tenant. */
@NullMarked
package dev.hearth.executor.start;

import org.jspecify.annotations.NullMarked;
