/** Bytes in the object store, addressed by digest, moved by presigned addresses. */
@NullMarked
package dev.hearth.artifact.blob;

import org.jspecify.annotations.NullMarked;
