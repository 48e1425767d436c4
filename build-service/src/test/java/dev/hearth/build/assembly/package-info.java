/** Whole builds in this JVM, with the real uv: what they make, and what they refuse. */
@NullMarked
package dev.hearth.build.assembly;

import org.jspecify.annotations.NullMarked;
