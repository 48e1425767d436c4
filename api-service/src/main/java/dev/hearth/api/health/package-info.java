/** Health of the platform. */
@NullMarked
package dev.hearth.api.health;

import org.jspecify.annotations.NullMarked;
