package dev.hearth.kit.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** An outbox in memory. Every append is a separate transaction. */
final class FakeOutboxTable implements OutboxTable {

  private final Deque<Entry> rows = new ArrayDeque<>();
  private final ReentrantLock relaying = new ReentrantLock();

  @Override
  public void append(List<Entry> entries) {
    synchronized (rows) {
      rows.addAll(entries);
    }
  }

  @Override
  public int relay(int most, Function<List<Entry>, Sending> send) {
    if (relaying.isHeldByCurrentThread() || !relaying.tryLock()) {
      return 0;
    }
    try {
      var sending = send.apply(waiting().stream().limit(most).toList());
      synchronized (rows) {
        rows.removeAll(sending.sent());
      }
      if (!sending.failures().isEmpty()) {
        throw sending.failures().getFirst();
      }
      return sending.sent().size();
    } finally {
      relaying.unlock();
    }
  }

  List<Entry> waiting() {
    synchronized (rows) {
      return List.copyOf(rows);
    }
  }
}
