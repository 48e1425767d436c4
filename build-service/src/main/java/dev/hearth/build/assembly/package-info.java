/** Builds a source tree into an artifact, with or without a platform. */
@NullMarked
package dev.hearth.build.assembly;

import org.jspecify.annotations.NullMarked;
