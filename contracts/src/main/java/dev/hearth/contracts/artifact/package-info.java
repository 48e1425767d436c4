/**
 * What an artifact is made of, as it lies in the object store: an OCI image manifest and what it
 * names.
 */
@NullMarked
package dev.hearth.contracts.artifact;

import org.jspecify.annotations.NullMarked;
