/** The HTTP server that the node talks to. */
@NullMarked
package dev.hearth.host.server;

import org.jspecify.annotations.NullMarked;
