package dev.hearth.kit.events;

import java.util.function.Consumer;

/** The rows of the outbox, in the order in which they were left. */
interface OutboxTable {

  /** One event that waits to be sent. */
  record Entry(Envelope envelope, String topic, String key, String payload) {}

  /** Leaves an entry in the caller's transaction. */
  void append(Entry entry);

  /**
   * Sends the oldest entries one after the other and removes each that was sent. If sending fails,
   * the entries before it are removed, and the failure is thrown. Does nothing while another relay
   * is at work: order needs a single one.
   *
   * @param most how many at a time
   * @return how many were sent
   */
  int relay(int most, Consumer<Entry> send);
}
