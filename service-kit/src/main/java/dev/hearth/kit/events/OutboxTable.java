package dev.hearth.kit.events;

import java.util.function.Consumer;

/** Storage of the outbox. Its entries keep the order in which they were appended. */
interface OutboxTable {

  /** One event that has not been sent yet. */
  record Entry(Envelope envelope, String topic, String key, String payload) {}

  /** Appends an entry in the caller's transaction. */
  void append(Entry entry);

  /**
   * Sends the oldest entries one after the other and removes those that were sent. If sending
   * fails, the entries sent before are removed, and the failure is thrown. Does nothing while
   * another relay is running, because that would break the order.
   *
   * @param most largest number of entries to send
   * @return number of entries that were sent
   */
  int relay(int most, Consumer<Entry> send);
}
