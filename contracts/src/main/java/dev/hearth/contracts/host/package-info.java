/** The protocol between a node and its host processes, over a UNIX socket and pipes. */
@NullMarked
package dev.hearth.contracts.host;

import org.jspecify.annotations.NullMarked;
