/** Runs uv in a sandbox, with a cache, an environment and a network of its own. */
@NullMarked
package dev.hearth.build.uv;

import org.jspecify.annotations.NullMarked;
