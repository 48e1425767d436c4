/** What travels over Kafka: one sealed interface a topic. */
@NullMarked
package dev.hearth.contracts.events;

import org.jspecify.annotations.NullMarked;
