/** Doing several things at a time. */
@NullMarked
package dev.hearth.build.task;

import org.jspecify.annotations.NullMarked;
