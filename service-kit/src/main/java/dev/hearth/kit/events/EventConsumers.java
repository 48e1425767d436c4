package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.messaging.Message;

/**
 * Creates the functions that Spring Cloud Stream binds to topics.
 *
 * <p>If a handler fails because of the platform ({@link Faults#isPassing}), it is retried with
 * exponential back-off for most of an hour, because the database or store will recover and an
 * acknowledged message must not be lost. Every other failure (unreadable, refused by the database,
 * invalid) is thrown at once, and the binder sends the message to the dead-letter topic, so that it
 * does not block others. Handlers must be idempotent.
 */
public final class EventConsumers {

  private static final RetryPolicy BY_DEFAULT =
      RetryPolicy.builder()
          .maxRetries(600)
          .delay(Duration.ofMillis(100))
          .multiplier(2)
          .maxDelay(Duration.ofSeconds(5))
          .predicate(Faults::isPassing)
          .build();

  private final EventCodec codec;
  private final RetryTemplate retry;

  EventConsumers(EventCodec codec) {
    this(codec, BY_DEFAULT);
  }

  EventConsumers(EventCodec codec, RetryPolicy policy) {
    this.codec = codec;
    this.retry = new RetryTemplate(policy);
  }

  /** Returns a consumer of the topic with the given sealed interface. */
  public <E extends HearthEvent> Consumer<Message<byte[]>> of(Class<E> topic, Consumer<E> handler) {
    return message -> {
      var event = codec.read(topic, message);
      Trace.enter(EventCodec.trace(message));
      try {
        handle(event, handler);
      } finally {
        Trace.enter(Optional.empty());
      }
    };
  }

  private <E extends HearthEvent> void handle(E event, Consumer<E> handler) {
    try {
      retry.execute(() -> {
        handler.accept(event);
        return true;
      });
    } catch (RetryException exhausted) {
      throw new IllegalStateException(
          "gave up handling %s %s".formatted(EventTypes.of(event), event.key()), exhausted);
    }
  }
}
