/** The builds that wait and run, and the workers that take them. */
@NullMarked
package dev.hearth.build.queue;

import org.jspecify.annotations.NullMarked;
