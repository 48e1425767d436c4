/** Turns a source archive into a deterministic artifact with uv. */
@NullMarked
package dev.hearth.build;

import org.jspecify.annotations.NullMarked;
