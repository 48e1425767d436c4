/** One call between the server and the Python code that answers it. */
@NullMarked
package dev.hearth.host.call;

import org.jspecify.annotations.NullMarked;
