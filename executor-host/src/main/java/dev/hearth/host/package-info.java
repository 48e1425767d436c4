/**
 * The process that embeds GraalPy: interpreters behind a UNIX socket. It knows nothing but what it
 * is told.
 */
@NullMarked
package dev.hearth.host;

import org.jspecify.annotations.NullMarked;
