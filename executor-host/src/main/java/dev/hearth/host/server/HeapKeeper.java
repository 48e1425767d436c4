package dev.hearth.host.server;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Returns memory to the system when the host is idle. Only a full collection shrinks the heap, and
 * it pauses the host for some tenths of a second.
 */
final class HeapKeeper {

  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** JVM options for the least and most free heap after a collection, in per cent. */
  private static final String LEAST_FREE = "MinHeapFreeRatio";

  private static final String MOST_FREE = "MaxHeapFreeRatio";

  private final BooleanSupplier isBusy;
  private volatile long touchedAt = System.nanoTime();
  private volatile long collectedAt = touchedAt - 1;

  HeapKeeper(BooleanSupplier isBusy) {
    this.isBusy = isBusy;
  }

  /** Records activity, which restarts the idle time. */
  void touch() {
    touchedAt = System.nanoTime();
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
    var touched = touchedAt;
    if (touched != collectedAt
        && !isBusy.getAsBoolean()
        && System.nanoTime() - touched > QUIET.toNanos()) {
      collect();
    }
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
    var touched = touchedAt;
    System.gc();
    NativeMemory.trim();
    collectedAt = touched;
  }
}
