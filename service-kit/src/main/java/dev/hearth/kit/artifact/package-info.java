/** Reading and writing what an artifact is made of. */
@NullMarked
package dev.hearth.kit.artifact;

import org.jspecify.annotations.NullMarked;
