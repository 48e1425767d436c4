/** Verifies and publishes the artifacts of successful builds. */
@NullMarked
package dev.hearth.artifact.publication;

import org.jspecify.annotations.NullMarked;
