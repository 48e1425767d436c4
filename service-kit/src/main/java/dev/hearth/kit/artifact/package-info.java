/** Reads and writes the parts of artifacts. */
@NullMarked
package dev.hearth.kit.artifact;

import org.jspecify.annotations.NullMarked;
