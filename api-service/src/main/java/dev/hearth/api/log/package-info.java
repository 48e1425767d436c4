/** The logs of builds and functions. */
@NullMarked
package dev.hearth.api.log;

import org.jspecify.annotations.NullMarked;
