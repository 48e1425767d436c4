/** What is up. */
@NullMarked
package dev.hearth.api.health;

import org.jspecify.annotations.NullMarked;
