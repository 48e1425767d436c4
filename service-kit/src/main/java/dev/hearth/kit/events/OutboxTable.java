package dev.hearth.kit.events;

import java.util.List;
import java.util.function.Function;

/** Storage of the outbox. Its entries keep the order in which they were appended. */
interface OutboxTable {

  /** One event that has not been sent yet. */
  record Entry(Envelope envelope, String topic, String key, String payload) {}

  /**
   * The result of an attempt to send a batch.
   *
   * @param sent entries that the broker acknowledged
   * @param failures why others were not sent
   */
  record Sending(List<Entry> sent, List<RuntimeException> failures) {

    public Sending {
      sent = List.copyOf(sent);
      failures = List.copyOf(failures);
    }
  }

  /** Appends entries in the caller's transaction. */
  void append(List<Entry> entries);

  /**
   * Sends the oldest entries and removes those that were sent, then throws the first failure. Does
   * nothing while another relay is running, because that would break the order.
   *
   * @param most largest number of entries to send
   * @param send gets the entries in their order
   * @return number of entries that were sent
   */
  int relay(int most, Function<List<Entry>, Sending> send);
}
