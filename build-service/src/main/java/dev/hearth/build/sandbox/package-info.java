/** Running a project's own code, which nobody has to trust, to build a wheel of it. */
@NullMarked
package dev.hearth.build.sandbox;

import org.jspecify.annotations.NullMarked;
