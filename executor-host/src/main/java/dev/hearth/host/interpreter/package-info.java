/**
 * Python interpreters (GraalPy contexts on one engine), their output, and the library they read.
 */
@NullMarked
package dev.hearth.host.interpreter;

import org.jspecify.annotations.NullMarked;
