package dev.hearth.executor.host;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * What host processes may hold in memory, all together. One that is about to boot counts with its
 * heap.
 */
@Component
public class NodeMemory {

  private static final Logger log = LoggerFactory.getLogger(NodeMemory.class);

  /** Of the machine's memory; the rest is for services, files and whatever else runs. */
  private static final double SHARE = 0.6;

  private final DataSize budget;
  private final Set<HostProcess> hosts = ConcurrentHashMap.newKeySet();
  private final AtomicLong reserved = new AtomicLong();
  private volatile BooleanSupplier evict = () -> false;

  NodeMemory(HostSettings settings) {
    var given = settings.budget();
    this.budget = given == null ? DataSize.ofBytes((long) (machine() * SHARE)) : given;
    log.atInfo()
        .addKeyValue("budgetMiB", budget.toMegabytes())
        .log("memory of host processes is limited");
  }

  /** The machine's memory, or the container's. */
  private static long machine() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /**
   * Who makes room.
   *
   * @param action ends the host that is needed least; false when all are needed
   */
  public void onShortage(BooleanSupplier action) {
    evict = action;
  }

  /** A host that has booted. */
  void add(HostProcess host) {
    hosts.add(host);
    if (!host.isAlive()) {
      hosts.remove(host);
    }
  }

  void remove(HostProcess host) {
    hosts.remove(host);
  }

  DataSize budget() {
    return budget;
  }

  /** What hosts hold now, and what those will that boot. */
  DataSize used() {
    return DataSize.ofBytes(hosts.stream().mapToLong(HostProcess::memory).sum() + reserved.get());
  }

  /** Whether there is so much at all. */
  boolean fits(DataSize heap) {
    return heap.compareTo(budget) <= 0;
  }

  /** Whether another host fits; the first one always does. */
  boolean hasRoomFor(DataSize heap) {
    return (hosts.isEmpty() && reserved.get() == 0)
        || used().toBytes() + heap.toBytes() <= budget.toBytes();
  }

  /**
   * Keeps room for a host that is about to boot.
   *
   * @param mayEvict whether hosts that are not needed are ended for it
   * @return to be closed when the host has booted, or has not; nothing when there is no room
   */
  Optional<Reservation> reserve(DataSize heap, boolean mayEvict) {
    do {
      synchronized (this) {
        if (hasRoomFor(heap)) {
          reserved.addAndGet(heap.toBytes());
          return Optional.of(() -> reserved.addAndGet(-heap.toBytes()));
        }
      }
    } while (mayEvict && evict.getAsBoolean());
    return Optional.empty();
  }

  /** Room that is kept. */
  interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  /** Ends what is not needed while hosts hold more than they may. */
  public void relieve() {
    while (used().compareTo(budget) > 0 && evict.getAsBoolean()) {
      log.atInfo().addKeyValue("usedMiB", used().toMegabytes()).log("memory was short");
    }
  }
}
