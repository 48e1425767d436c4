package dev.hearth.executor.stem;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.host.Hosts;
import dev.hearth.executor.memory.NodeMemory;
import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.snapshot.HostImages;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * The stems of one runtime: booted host processes that belong to no tenant. One thread refills the
 * pool, so at most one stem boots at a time. Idle hosts are evicted for a stem that a tenant waits
 * for, but not to refill the pool. The lock guards the queue of stems.
 */
public final class StemPool {

  private static final Logger log = LoggerFactory.getLogger(StemPool.class);

  /** Interval between checks for free memory. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Runtime runtime;
  private final Hosts hosts;
  private final NodeMemory memory;
  private final BootGate gate;
  private final StemSettings settings;
  private final Ticker ticker;
  private final Semaphore missing;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<Host> stems = new ArrayDeque<>();
  private final AtomicInteger waitingBoots = new AtomicInteger();
  private volatile boolean isRunning;
  private volatile boolean isBooting;
  private volatile boolean wasReady;

  public StemPool(
      Runtime runtime,
      Hosts hosts,
      NodeMemory memory,
      BootGate gate,
      StemSettings settings,
      Ticker ticker) {
    this.runtime = runtime;
    this.hosts = hosts;
    this.memory = memory;
    this.gate = gate;
    this.settings = settings;
    this.ticker = ticker;
    this.missing = new Semaphore(settings.stems());
  }

  /**
   * Takes a stem for good; waits for one to boot if none is ready.
   *
   * @throws HearthException {@link ErrorCode#NO_INSTANCE} if all memory is in use
   */
  public Host claim() throws InterruptedException {
    var begun = ticker.nanoTime();
    try (var _ = gate.claim()) {
      while (true) {
        var host = poll();
        if (host.filter(Host::isAlive).isPresent()) {
          log.atInfo()
              .addKeyValue("host", host.get().name())
              .addKeyValue("tookMs", ticker.since(begun).toNanos() / 1e6)
              .log("host claimed");
          return host.get();
        }
        if (host.isEmpty() && isOverdue(begun) && !memory.hasRoomFor(runtime.stem().heap())) {
          throw noRoom();
        }
      }
    }
  }

  /**
   * Returns true if a caller has waited long enough. Its patience does not end while a stem boots,
   * because it can have that stem, or the stem's memory.
   */
  private boolean isOverdue(long begun) {
    return !isBooting && ticker.since(begun).compareTo(settings.claimPatience()) > 0;
  }

  /** Takes a stem; waits a moment if there is none. */
  private Optional<Host> poll() throws InterruptedException {
    lock.lock();
    try {
      if (stems.isEmpty()) {
        ticker.awaitUntil(lock, changed, ticker.nanoTime() + LOOK.toNanos());
      }
      var stem = Optional.ofNullable(stems.poll());
      stem.ifPresent(_ -> missing.release());
      return stem;
    } finally {
      lock.unlock();
    }
  }

  private void add(Host stem) {
    lock.lock();
    try {
      stems.add(stem);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Boots a host with the given heap.
   *
   * @throws HearthException {@link ErrorCode#NO_INSTANCE} if all memory is in use
   */
  public Host boot(DataSize heap) throws InterruptedException {
    if (!memory.fits(heap)) {
      throw noRoom();
    }
    try (var _ = awaitRoom(heap)) {
      return hosts.boot(runtime, heap);
    }
  }

  /** Reserves memory for a host; gives stems up for it, and boots none meanwhile. */
  private NodeMemory.Reservation awaitRoom(DataSize heap) throws InterruptedException {
    var begun = ticker.nanoTime();
    waitingBoots.incrementAndGet();
    try {
      while (true) {
        var room = memory.reserve(heap, true);
        if (room.isPresent()) {
          return room.get();
        }
        var stem = poll();
        if (stem.isPresent()) {
          stem.get().kill();
          stem.get().ended().join();
        } else if (isOverdue(begun)) {
          throw noRoom();
        }
      }
    } finally {
      waitingBoots.decrementAndGet();
    }
  }

  /**
   * Boots a host that no call waits for, at low priority and while no start is under way.
   *
   * @return the host, or empty if there is no room
   */
  public Optional<Host> bootBehind() throws InterruptedException {
    gate.awaitQuiet();
    var room = memory.reserve(runtime.stem().heap(), false);
    if (room.isEmpty()) {
      return Optional.empty();
    }
    try (var _ = room.get()) {
      var host = hosts.boot(runtime, runtime.stem().heap());
      hosts.stepBehind(host);
      return Optional.of(host);
    }
  }

  /**
   * Restores a host from a snapshot; evicts idle hosts for it.
   *
   * @param prepare fills the folder with the files that the host had
   * @return the host, or empty if there is no room
   * @throws IllegalStateException if the host does not answer
   */
  public Optional<Host> restore(HostImages images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    var room = memory.reserve(images.size(), true);
    if (room.isEmpty()) {
      return Optional.empty();
    }
    try (var _ = room.get()) {
      return Optional.of(hosts.restore(runtime, images, prepare));
    }
  }

  private HearthException noRoom() {
    return new HearthException(
        ErrorCode.NO_INSTANCE,
        "The node's memory is in use: functions that are called, or that min-instances keeps, hold %d of %d MiB. Remove some, or ask the operator to raise EXECUTOR_HOST_BUDGET."
            .formatted(memory.used().toMegabytes(), memory.budget().toMegabytes()));
  }

  /** Returns the number of stems. */
  int size() {
    lock.lock();
    try {
      return stems.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns true once the first stem has been ready. */
  boolean wasReady() {
    return wasReady;
  }

  /** Starts refilling the pool. */
  public void start() {
    isRunning = true;
    Thread.ofVirtual().name("stem-pool").start(this::refill);
  }

  private void refill() {
    while (isRunning) {
      try {
        missing.acquire();
        gate.awaitQuiet();
        try (var _ = awaitRoomForStem()) {
          isBooting = true;
          add(hosts.boot(runtime, runtime.stem().heap()));
        } finally {
          isBooting = false;
        }
        wasReady = true;
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failed) {
        // Whatever failed, the place of the stem is free again.
        missing.release();
        if (isRunning) {
          log.atError().setCause(failed).log("stem not booted, trying again");
          pause();
        }
      }
    }
  }

  private NodeMemory.Reservation awaitRoomForStem() throws InterruptedException {
    while (true) {
      var isClaimed = gate.isClaimed();
      if (isClaimed || waitingBoots.get() == 0) {
        var room = memory.reserve(runtime.stem().heap(), isClaimed);
        if (room.isPresent()) {
          return room.get();
        }
      }
      lock.lock();
      try {
        ticker.awaitUntil(lock, changed, ticker.nanoTime() + LOOK.toNanos());
      } finally {
        lock.unlock();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(2);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Boots no further stems. */
  public void stop() {
    isRunning = false;
  }
}
