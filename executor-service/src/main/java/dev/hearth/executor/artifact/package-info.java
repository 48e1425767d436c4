/** Artifacts, fetched once and unpacked on this node. */
@NullMarked
package dev.hearth.executor.artifact;

import org.jspecify.annotations.NullMarked;
