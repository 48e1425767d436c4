/** Resolves a project's dependencies with uv. */
@NullMarked
package dev.hearth.build.resolve;

import org.jspecify.annotations.NullMarked;
