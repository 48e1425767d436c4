/** Lines that user code prints, on their way to the log of their revision. */
@NullMarked
package dev.hearth.executor.output;

import org.jspecify.annotations.NullMarked;
