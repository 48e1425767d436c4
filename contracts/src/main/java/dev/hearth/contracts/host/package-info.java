/** The protocol between an executor node and its host processes: UNIX socket and pipe. */
@NullMarked
package dev.hearth.contracts.host;

import org.jspecify.annotations.NullMarked;
