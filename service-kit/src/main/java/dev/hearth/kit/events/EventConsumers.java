package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.time.Duration;
import java.util.function.Consumer;
import org.springframework.core.retry.RetryException;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.messaging.Message;

/**
 * Makes the functions that Spring Cloud Stream binds to topics.
 *
 * <p>A message that cannot be read, or whose data the database will never take, is thrown out at
 * once, and the binder puts it into the dead-letter topic. A handler that fails is tried again with
 * growing pauses for most of an hour: the usual reason is a database or store that will come back,
 * and what was acknowledged must not be lost to that. Handlers are idempotent.
 */
public final class EventConsumers {

  private final EventCodec codec;
  private final RetryTemplate retry =
      new RetryTemplate(
          RetryPolicy.builder()
              .maxRetries(600)
              .delay(Duration.ofMillis(100))
              .multiplier(2)
              .maxDelay(Duration.ofSeconds(5))
              .excludes(UnreadableEventException.class, DataIntegrityViolationException.class)
              .build());

  EventConsumers(EventCodec codec) {
    this.codec = codec;
  }

  /** A consumer of one topic, given by its sealed interface. */
  public <E extends HearthEvent> Consumer<Message<byte[]>> of(Class<E> topic, Consumer<E> handler) {
    return message -> {
      var event = codec.read(topic, message);
      try {
        retry.execute(() -> {
          handler.accept(event);
          return true;
        });
      } catch (RetryException exhausted) {
        throw new IllegalStateException(
            "gave up handling " + EventCodec.type(event) + " " + event.key(), exhausted);
      }
    };
  }
}
