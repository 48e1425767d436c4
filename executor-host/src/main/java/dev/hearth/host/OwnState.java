package dev.hearth.host;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.hearth.contracts.host.HostState;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.util.Objects;

/** What this process has used up, as the JVM knows it. */
final class OwnState {

  private OwnState() {}

  static HostState now() {
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
