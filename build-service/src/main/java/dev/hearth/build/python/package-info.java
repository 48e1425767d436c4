/** The Python that a build is for, and the wheels that it can install. */
@NullMarked
package dev.hearth.build.python;

import org.jspecify.annotations.NullMarked;
