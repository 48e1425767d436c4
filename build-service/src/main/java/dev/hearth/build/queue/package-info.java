/** The queue of builds, and the workers that run them. */
@NullMarked
package dev.hearth.build.queue;

import org.jspecify.annotations.NullMarked;
