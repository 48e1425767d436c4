package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;
import java.util.UUID;
import org.springframework.cloud.stream.function.StreamBridge;

/**
 * Sends events that are themselves the change of state (heartbeats, log lines, what became of an
 * instance).
 */
public final class EventPublisher {

  private final StreamBridge bridge;
  private final EventCodec codec;

  EventPublisher(StreamBridge bridge, EventCodec codec) {
    this.bridge = bridge;
    this.codec = codec;
  }

  /** Returns when the broker has acknowledged the event; throws when it did not. */
  public void publish(HearthEvent event) {
    var message =
        EventCodec.message(
            UUID.randomUUID(), EventCodec.type(event), event.key(), codec.payload(event));
    if (!bridge.send(event.topic(), message)) {
      throw new IllegalStateException("the broker did not take " + EventCodec.type(event));
    }
  }
}
