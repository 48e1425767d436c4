/** Tests of whole builds in this JVM, with the real uv. */
@NullMarked
package dev.hearth.build.assembly;

import org.jspecify.annotations.NullMarked;
