/** Transfers files to and from the object store by presigned addresses. */
@NullMarked
package dev.hearth.kit.transfer;

import org.jspecify.annotations.NullMarked;
