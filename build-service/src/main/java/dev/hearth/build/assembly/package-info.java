/** From a source tree to an artifact, on a platform or without one. */
@NullMarked
package dev.hearth.build.assembly;

import org.jspecify.annotations.NullMarked;
