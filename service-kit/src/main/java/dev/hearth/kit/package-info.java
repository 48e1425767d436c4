/** Infrastructure that all services share. */
@NullMarked
package dev.hearth.kit;

import org.jspecify.annotations.NullMarked;
