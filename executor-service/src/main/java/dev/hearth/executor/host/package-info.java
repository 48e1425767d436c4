/** Host processes: their lifecycle, and the client of the host protocol. */
@NullMarked
package dev.hearth.executor.host;

import org.jspecify.annotations.NullMarked;
