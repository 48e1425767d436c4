/** What user code printed, on its way to its revision's log. */
@NullMarked
package dev.hearth.executor.output;

import org.jspecify.annotations.NullMarked;
