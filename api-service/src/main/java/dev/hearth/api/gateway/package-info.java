/** The data plane: recognises calls of functions and dispatches them to nodes. */
@NullMarked
package dev.hearth.api.gateway;

import org.jspecify.annotations.NullMarked;
