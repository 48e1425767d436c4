/** Calls from gateways, and their way to an instance. */
@NullMarked
package dev.hearth.executor.call;

import org.jspecify.annotations.NullMarked;
