/** Functions and their logs and metrics. */
@NullMarked
package dev.hearth.api.function;

import org.jspecify.annotations.NullMarked;
