/** The host process that embeds GraalPy: interpreters behind a UNIX socket. */
@NullMarked
package dev.hearth.host;

import org.jspecify.annotations.NullMarked;
