/** The HTTP server through which the node controls and calls this host. */
@NullMarked
package dev.hearth.host.server;

import org.jspecify.annotations.NullMarked;
