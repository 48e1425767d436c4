/** Parts of an artifact in the object store: an OCI image manifest and its blobs. */
@NullMarked
package dev.hearth.contracts.artifact;

import org.jspecify.annotations.NullMarked;
