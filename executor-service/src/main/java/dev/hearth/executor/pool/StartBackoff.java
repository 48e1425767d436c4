package dev.hearth.executor.pool;

import java.time.Duration;

/** When starts of one instance's lives failed: for a while after that none is tried. */
final class StartBackoff {

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private long at = System.nanoTime() - PAUSE.toNanos();

  /** The same, where there was no other life. */
  private long aloneAt = at;

  void add(boolean alone) {
    at = System.nanoTime();
    aloneAt = alone ? at : aloneAt;
  }

  boolean wasLately() {
    return isRecent(at);
  }

  boolean wasAloneLately() {
    return isRecent(aloneAt);
  }

  private static boolean isRecent(long failure) {
    return System.nanoTime() - failure < PAUSE.toNanos();
  }
}
