/** Calls on their way between the server and the Python code that answers them. */
@NullMarked
package dev.hearth.host.call;

import org.jspecify.annotations.NullMarked;
