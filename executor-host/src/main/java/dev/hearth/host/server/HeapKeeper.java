package dev.hearth.host.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Returns memory to the system when the host is idle. Only a full collection shrinks the heap, and
 * it pauses the host for some tenths of a second. So it happens after an instance has ended, or
 * when the calls since the last collection have left enough behind.
 */
final class HeapKeeper {

  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** Growth of the used heap that is worth a collection: more than what young objects occupy. */
  private static final long WORTHWHILE = 32L << 20;

  /** JVM options for the least and most free heap after a collection, in per cent. */
  private static final String LEAST_FREE = "MinHeapFreeRatio";

  private static final String MOST_FREE = "MaxHeapFreeRatio";

  private final BooleanSupplier isBusy;
  private volatile long touchedAt;
  private volatile boolean isReleased;
  private volatile long kept;

  HeapKeeper(BooleanSupplier isBusy, long now) {
    this.isBusy = isBusy;
    this.touchedAt = now;
  }

  /** Records activity, which restarts the idle time. */
  void touch() {
    touchedAt = System.nanoTime();
  }

  /** Records that an instance has ended, whose memory is to be returned. */
  void released() {
    isReleased = true;
    touch();
  }

  /**
   * Returns true if a collection is due.
   *
   * @param now reading of the clock, in nanoseconds
   * @param used bytes of the heap in use, with those that a collection would free
   */
  boolean isDue(long now, long used) {
    return (isReleased || used - kept >= WORTHWHILE)
        && !isBusy.getAsBoolean()
        && now - touchedAt > QUIET.toNanos();
  }

  /** Records a collection that left {@code used} bytes in use. */
  void collected(long used) {
    kept = used;
  }

  /** Starts the regular check, which runs until the process ends. */
  void start() {
    var _ =
        Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("heap").factory())
            .scheduleWithFixedDelay(
                this::collectIfQuiet, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void collectIfQuiet() {
    if (isDue(System.nanoTime(), used())) {
      collect();
    }
  }

  private static long used() {
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** Collects garbage and keeps no free heap, because a snapshot would contain it. */
  synchronized void shrink() {
    var vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    var least = vm.getVMOption(LEAST_FREE).getValue();
    var most = vm.getVMOption(MOST_FREE).getValue();
    vm.setVMOption(LEAST_FREE, "0");
    vm.setVMOption(MOST_FREE, "1");
    try {
      collect();
    } finally {
      vm.setVMOption(MOST_FREE, most);
      vm.setVMOption(LEAST_FREE, least);
    }
  }

  /** Collects garbage and returns free memory to the system. */
  synchronized void collect() {
    isReleased = false;
    System.gc();
    NativeMemory.trim();
    collected(used());
  }
}
