/** The data plane: calls on their way to executor nodes. */
@NullMarked
package dev.hearth.api.gateway;

import org.jspecify.annotations.NullMarked;
