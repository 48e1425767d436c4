/** Transfers files to and from the object store with presigned addresses. */
@NullMarked
package dev.hearth.kit.transfer;

import org.jspecify.annotations.NullMarked;
