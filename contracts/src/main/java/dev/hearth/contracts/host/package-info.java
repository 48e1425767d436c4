/** What an executor node and a host process say to each other over their UNIX socket and pipe. */
@NullMarked
package dev.hearth.contracts.host;

import org.jspecify.annotations.NullMarked;
