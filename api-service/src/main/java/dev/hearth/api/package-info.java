/** The control API and the gateway. */
@NullMarked
package dev.hearth.api;

import org.jspecify.annotations.NullMarked;
