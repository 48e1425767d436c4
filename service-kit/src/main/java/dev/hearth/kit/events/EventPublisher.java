package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;

/**
 * Sends events that are themselves the change of state (heartbeats, log lines, reports about
 * instances).
 */
public final class EventPublisher {

  private final MessageSender sender;
  private final EventCodec codec;

  EventPublisher(MessageSender sender, EventCodec codec) {
    this.sender = sender;
    this.codec = codec;
  }

  /**
   * Returns when the broker has acknowledged the event.
   *
   * @throws RuntimeException if it did not
   */
  public void publish(HearthEvent event) {
    sender.send(
        event.topic(), codec.message(Envelope.of(event), event.key(), codec.payload(event)));
  }
}
