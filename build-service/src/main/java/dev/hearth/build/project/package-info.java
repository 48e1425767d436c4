/** Reads what a project declares in pyproject.toml and in the files that replace it. */
@NullMarked
package dev.hearth.build.project;

import org.jspecify.annotations.NullMarked;
