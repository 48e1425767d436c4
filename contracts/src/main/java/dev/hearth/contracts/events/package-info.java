/** Messages that travel over Kafka: one sealed interface for each topic. */
@NullMarked
package dev.hearth.contracts.events;

import org.jspecify.annotations.NullMarked;
