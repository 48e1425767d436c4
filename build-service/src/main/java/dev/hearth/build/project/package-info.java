/** What a project says of itself in pyproject.toml. */
@NullMarked
package dev.hearth.build.project;

import org.jspecify.annotations.NullMarked;
