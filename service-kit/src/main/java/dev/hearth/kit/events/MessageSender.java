package dev.hearth.kit.events;

import org.springframework.messaging.Message;

/** Sends messages to the broker. */
@FunctionalInterface
interface MessageSender {

  /**
   * Sends a message; returns when the broker has acknowledged it.
   *
   * @throws RuntimeException if the broker did not acknowledge it
   */
  void send(String topic, Message<byte[]> message);
}
