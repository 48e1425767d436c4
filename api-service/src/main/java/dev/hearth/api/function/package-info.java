/** Functions, as their owners see them. */
@NullMarked
package dev.hearth.api.function;

import org.jspecify.annotations.NullMarked;
