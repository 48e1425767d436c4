package dev.hearth.host.instance;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.hearth.contracts.host.HostState;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Objects;

/** Reads this process's use of memory, threads and descriptors from the JVM. */
public final class OwnState {

  /** Share of the heap that may be in use after an instance has ended. */
  private static final double FULL = 0.9;

  private OwnState() {}

  /** Returns true if enough heap is free, after a garbage collection if it seems full. */
  static boolean isRoomy() {
    var runtime = Runtime.getRuntime();
    if (used(runtime) > runtime.maxMemory() * FULL) {
      System.gc();
    }
    return used(runtime) <= runtime.maxMemory() * FULL;
  }

  private static long used(Runtime runtime) {
    return runtime.totalMemory() - runtime.freeMemory();
  }

  public static HostState now() {
    var afterCollection =
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .map(MemoryPoolMXBean::getCollectionUsage)
            .filter(Objects::nonNull)
            .mapToLong(MemoryUsage::getUsed)
            .sum();
    var descriptors =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? (double) unix.getOpenFileDescriptorCount() / unix.getMaxFileDescriptorCount()
            : 0;
    return new HostState(
        (double) afterCollection / Runtime.getRuntime().maxMemory(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        descriptors);
  }
}
