/** Checks, reads, downloads and installs wheels. */
@NullMarked
package dev.hearth.build.wheel;

import org.jspecify.annotations.NullMarked;
