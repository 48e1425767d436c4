/** Artifacts, layers and their bytecode on this node's disk. */
@NullMarked
package dev.hearth.executor.artifact;

import org.jspecify.annotations.NullMarked;
