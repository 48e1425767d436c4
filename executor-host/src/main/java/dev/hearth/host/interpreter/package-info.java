/** Python interpreters (GraalPy contexts on one engine), their output and standard library. */
@NullMarked
package dev.hearth.host.interpreter;

import org.jspecify.annotations.NullMarked;
