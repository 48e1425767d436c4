/** Calls on their way from the gateway to an instance. */
@NullMarked
package dev.hearth.executor.call;

import org.jspecify.annotations.NullMarked;
