/** All five services in one JVM, with the back ends beside them: the default on one machine. */
@NullMarked
package dev.hearth.standalone;

import org.jspecify.annotations.NullMarked;
