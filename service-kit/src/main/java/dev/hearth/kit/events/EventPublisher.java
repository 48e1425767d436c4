package dev.hearth.kit.events;

import dev.hearth.contracts.events.HearthEvent;

/**
 * Publishes events that change no stored state (heartbeats, log lines, reports about instances).
 * Other events go through the {@link Outbox}.
 */
public final class EventPublisher {

  private final MessageSender sender;
  private final EventCodec codec;

  EventPublisher(MessageSender sender, EventCodec codec) {
    this.sender = sender;
    this.codec = codec;
  }

  /**
   * Publishes an event; returns when the broker has acknowledged it.
   *
   * @throws RuntimeException if the broker did not acknowledge it
   */
  public void publish(HearthEvent event) {
    sender.send(
        event.topic(), codec.message(Envelope.of(event), event.key(), codec.payload(event)));
  }
}
