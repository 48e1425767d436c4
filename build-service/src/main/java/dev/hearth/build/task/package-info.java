/** Concurrent tasks of one build. */
@NullMarked
package dev.hearth.build.task;

import org.jspecify.annotations.NullMarked;
