package dev.hearth.host.interpreter;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Files that Python code dropped without closing them. GraalPy closes them after a collection. */
final class DroppedFiles {

  /** A collection holds up every instance of the host. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final AtomicLong COLLECTED_AT = new AtomicLong(System.nanoTime());

  private DroppedFiles() {}

  /** Collects in the background, at most once a second; returns at once. */
  static void collect() {
    var last = COLLECTED_AT.get();
    var now = System.nanoTime();
    if (now - last > PAUSE.toNanos() && COLLECTED_AT.compareAndSet(last, now)) {
      Thread.ofPlatform().daemon().name("dropped-files").start(System::gc);
    }
  }
}
