/** Parts of an artifact in the object store: an OCI image manifest and the blobs that it names. */
@NullMarked
package dev.hearth.contracts.artifact;

import org.jspecify.annotations.NullMarked;
