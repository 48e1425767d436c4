package dev.hearth.executor.memory;

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
 * The memory budget of all host processes. A host that is about to boot counts with its heap, a
 * running one with the memory that it holds.
 */
@Component
public class NodeMemory {

  private static final Logger log = LoggerFactory.getLogger(NodeMemory.class);

  /** Default budget as a share of the machine's memory; the rest is for services and files. */
  private static final double SHARE = 0.6;

  private final DataSize budget;
  private final Set<Resident> hosts = ConcurrentHashMap.newKeySet();
  private final AtomicLong reserved = new AtomicLong();
  private volatile BooleanSupplier evict = () -> false;

  /** A process whose memory counts against the budget. */
  public interface Resident {

    boolean isAlive();

    /** Returns the bytes that the process shares with no other. */
    long memory();
  }

  public NodeMemory(MemorySettings settings) {
    var given = settings.budget();
    this.budget = given == null ? DataSize.ofBytes((long) (machine() * SHARE)) : given;
    log.atInfo()
        .addKeyValue("budgetMiB", budget.toMegabytes())
        .log("memory budget of host processes set");
  }

  /** Returns the memory of the machine, or of the container. */
  private static long machine() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getTotalMemorySize();
  }

  /**
   * Sets the action that frees memory.
   *
   * @param action evicts the host of least worth; returns false if all are in use
   */
  public void onShortage(BooleanSupplier action) {
    evict = action;
  }

  /** Counts a host that has booted. */
  public void add(Resident host) {
    hosts.add(host);
    if (!host.isAlive()) {
      hosts.remove(host);
    }
  }

  /** Stops counting a host. */
  public void remove(Resident host) {
    hosts.remove(host);
  }

  public DataSize budget() {
    return budget;
  }

  /** Returns the memory of running hosts plus the reservations of hosts that boot. */
  public DataSize used() {
    return DataSize.ofBytes(hosts.stream().mapToLong(Resident::memory).sum() + reserved.get());
  }

  /** Returns true if a host with this heap can ever fit into the budget. */
  public boolean fits(DataSize heap) {
    return heap.compareTo(budget) <= 0;
  }

  /** Returns true if a further host fits now; the first host always does. */
  public boolean hasRoomFor(DataSize heap) {
    return (hosts.isEmpty() && reserved.get() == 0)
        || used().toBytes() + heap.toBytes() <= budget.toBytes();
  }

  /**
   * Reserves memory for a host that is about to boot.
   *
   * @param mayEvict true to end idle hosts until there is room
   * @return a reservation to close when the host has booted or failed to boot; empty if there is no
   *     room
   */
  public Optional<Reservation> reserve(DataSize heap, boolean mayEvict) {
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

  /** Memory reserved for a host until it has booted. */
  public interface Reservation extends AutoCloseable {
    @Override
    void close();
  }

  /** Evicts idle hosts while all hosts together exceed the budget. */
  public void relieve() {
    while (used().compareTo(budget) > 0 && evict.getAsBoolean()) {
      log.atInfo()
          .addKeyValue("usedMiB", used().toMegabytes())
          .log("hosts exceeded the memory budget, one was evicted");
    }
  }
}
