package dev.hearth.host.interpreter;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Closes files that Python code dropped without closing: GraalPy does so after a collection. */
final class DroppedFiles {

  /** Shortest time between collections, because each one pauses every instance of the host. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final AtomicLong COLLECTED_AT = new AtomicLong(System.nanoTime());

  private DroppedFiles() {}

  /** Starts a garbage collection in the background, unless one ran less than a second ago. */
  static void collect() {
    var last = COLLECTED_AT.get();
    var now = System.nanoTime();
    if (now - last > PAUSE.toNanos() && COLLECTED_AT.compareAndSet(last, now)) {
      Thread.ofPlatform().daemon().name("dropped-files").start(System::gc);
    }
  }
}
