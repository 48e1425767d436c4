package dev.hearth.executor.artifact;

import dev.hearth.contracts.Digest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Locks by digest. A lock exists only while a thread holds it or waits for it. */
final class DigestLocks {

  private final Map<Digest, Entry> entries = new ConcurrentHashMap<>();

  private record Entry(ReentrantLock lock, int users) {}

  /** A held lock. */
  interface Held extends AutoCloseable {
    @Override
    void close();
  }

  /** Takes the lock of a digest; waits while another thread holds it. */
  Held hold(Digest digest) {
    var entry =
        entries.compute(
            digest,
            (_, known) ->
                known == null
                    ? new Entry(new ReentrantLock(), 1)
                    : new Entry(known.lock(), known.users() + 1));
    entry.lock().lock();
    return () -> release(digest, entry.lock());
  }

  private void release(Digest digest, ReentrantLock lock) {
    lock.unlock();
    entries.computeIfPresent(
        digest, (_, known) -> known.users() == 1 ? null : new Entry(lock, known.users() - 1));
  }

  /** Returns the number of existing locks. */
  int size() {
    return entries.size();
  }
}
