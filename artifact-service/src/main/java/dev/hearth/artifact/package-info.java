/** Owns the object store: sources and artifacts by digest. */
@NullMarked
package dev.hearth.artifact;

import org.jspecify.annotations.NullMarked;
