/** Vouches for the artifacts of finished builds. */
@NullMarked
package dev.hearth.artifact.publication;

import org.jspecify.annotations.NullMarked;
