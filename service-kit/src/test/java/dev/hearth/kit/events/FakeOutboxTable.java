package dev.hearth.kit.events;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** An outbox in memory. Every append is a separate transaction. */
final class FakeOutboxTable implements OutboxTable {

  private final Deque<Entry> rows = new ArrayDeque<>();
  private final ReentrantLock relaying = new ReentrantLock();

  @Override
  public void append(Entry entry) {
    synchronized (rows) {
      rows.add(entry);
    }
  }

  @Override
  public int relay(int most, Consumer<Entry> send) {
    if (relaying.isHeldByCurrentThread() || !relaying.tryLock()) {
      return 0;
    }
    try {
      int sent = 0;
      for (var entry : waiting().stream().limit(most).toList()) {
        send.accept(entry);
        synchronized (rows) {
          rows.remove();
        }
        sent++;
      }
      return sent;
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
