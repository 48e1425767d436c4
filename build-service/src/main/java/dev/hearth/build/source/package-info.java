/** Builds wheels from source trees in the sandbox. */
@NullMarked
package dev.hearth.build.source;

import org.jspecify.annotations.NullMarked;
