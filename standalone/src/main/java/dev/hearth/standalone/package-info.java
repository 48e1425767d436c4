/** Runs all five services in one JVM with the back ends: the default on one machine. */
@NullMarked
package dev.hearth.standalone;

import org.jspecify.annotations.NullMarked;
