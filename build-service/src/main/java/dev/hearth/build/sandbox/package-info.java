/** Runs the untrusted code of projects in a sandbox. */
@NullMarked
package dev.hearth.build.sandbox;

import org.jspecify.annotations.NullMarked;
