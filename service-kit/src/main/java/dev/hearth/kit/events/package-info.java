/** Publishes events, directly or through the outbox, and consumes them. */
@NullMarked
package dev.hearth.kit.events;

import org.jspecify.annotations.NullMarked;
