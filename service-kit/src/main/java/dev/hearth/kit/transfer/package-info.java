/** Bytes to and from the object store, by addresses that the artifact-service signs. */
@NullMarked
package dev.hearth.kit.transfer;

import org.jspecify.annotations.NullMarked;
