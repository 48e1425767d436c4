package dev.hearth.kit.events;

import org.springframework.messaging.Message;

/** Sends messages to the broker. */
@FunctionalInterface
interface MessageSender {

  /**
   * Returns when the broker has acknowledged the message.
   *
   * @throws RuntimeException if it did not
   */
  void send(String topic, Message<byte[]> message);
}
