package dev.hearth.executor.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * Booted host processes that belong to nobody yet. One thread refills the pool, so at most one of
 * them boots at a time. Others are evicted for a host that somebody waits for, not for the next
 * stem.
 */
@Component
public class StemPool implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(StemPool.class);

  /** How long a claim waits for memory. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final HostLauncher launcher;
  private final NodeMemory memory;
  private final HostSettings settings;
  private final BlockingQueue<HostProcess> stems = new LinkedBlockingQueue<>();
  private final Semaphore missing;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int starts;
  private int claims;
  private long lastStart = System.nanoTime() - Duration.ofDays(1).toNanos();
  private volatile boolean running;
  private volatile boolean wasReady;

  StemPool(HostLauncher launcher, NodeMemory memory, HostSettings settings) {
    this.launcher = launcher;
    this.memory = memory;
    this.settings = settings;
    this.missing = new Semaphore(settings.stems());
  }

  /**
   * Takes a host, for good; waits for one to boot where none is ready.
   *
   * @throws HearthException {@link ErrorCode#NO_INSTANCE} when all memory is needed
   */
  public HostProcess claim() throws InterruptedException {
    var begun = System.nanoTime();
    count(0, 1);
    try {
      while (true) {
        var host = stems.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (host == null) {
          if (System.nanoTime() - begun > PATIENCE.toNanos()
              && !memory.hasRoomFor(settings.heap())) {
            throw noRoom();
          }
          continue;
        }
        missing.release();
        if (host.isAlive()) {
          log.atInfo()
              .addKeyValue("host", host.name())
              .addKeyValue("tookMs", (System.nanoTime() - begun) / 1000 / 1e3)
              .log("host claimed");
          return host;
        }
      }
    } finally {
      count(0, -1);
    }
  }

  /**
   * Boots a host with a heap of its own size.
   *
   * @throws HearthException {@link ErrorCode#NO_INSTANCE} when all memory is needed
   */
  HostProcess boot(DataSize heap) throws InterruptedException {
    if (!memory.fits(heap)) {
      throw noRoom();
    }
    var begun = System.nanoTime();
    while (true) {
      var room = memory.reserve(heap, true);
      if (room.isPresent()) {
        try (var _ = room.get()) {
          return launcher.boot(heap);
        }
      }
      var stem = stems.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (stem != null) {
        missing.release();
        stem.kill();
        stem.ended().join();
      } else if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw noRoom();
      }
    }
  }

  /**
   * Has a host that is for nobody's call: only where there is room, and when nothing else is under
   * way.
   *
   * @return nothing where there is no room
   */
  Optional<HostProcess> spare() throws InterruptedException {
    awaitQuiet();
    var room = memory.reserve(settings.heap(), false);
    if (room.isEmpty()) {
      return Optional.empty();
    }
    try (var _ = room.get()) {
      var host = launcher.boot(settings.heap());
      launcher.stepBehind(host);
      return Optional.of(host);
    }
  }

  /**
   * Makes a host anew, where there is room.
   *
   * @param prepare shows it what it saw
   * @throws IllegalStateException when it does not live
   */
  Optional<HostProcess> restore(HostImages images, Consumer<HostFolder> prepare)
      throws IOException, InterruptedException {
    var room = memory.reserve(images.size(), false);
    if (room.isEmpty()) {
      return Optional.empty();
    }
    try (var _ = room.get()) {
      return Optional.of(launcher.restore(images, prepare));
    }
  }

  private HearthException noRoom() {
    return new HearthException(
        ErrorCode.NO_INSTANCE,
        "The node's memory is used up: functions that are in use, or that min-instances keeps, hold %d MiB of %d. Ask the operator for more (EXECUTOR_HOST_BUDGET), or remove some."
            .formatted(memory.used().toMegabytes(), memory.budget().toMegabytes()));
  }

  /** Hosts that are ready now. */
  public int size() {
    return stems.size();
  }

  /** Whether there ever was one. */
  public boolean wasReady() {
    return wasReady;
  }

  @Override
  public void start() {
    running = true;
    Thread.ofVirtual().name("stem-pool").start(this::refill);
  }

  private void refill() {
    while (running) {
      try {
        missing.acquire();
        awaitQuiet();
        try (var _ = awaitRoom()) {
          stems.add(launcher.boot(settings.heap()));
        }
        wasReady = true;
      } catch (InterruptedException _) {
        return;
      } catch (RuntimeException failed) {
        missing.release();
        if (running) {
          log.atError().setCause(failed).log("no host process could be booted, trying again");
          pause();
        }
      }
    }
  }

  /**
   * Whoever claimed the last stem is starting an instance, or making its first calls, and needs the
   * processor more, unless one waits for a stem.
   */
  private void awaitQuiet() throws InterruptedException {
    var end = System.nanoTime() + settings.refillPatience().toNanos();
    lock.lock();
    try {
      for (var left = untilQuiet(end); left > 0; left = untilQuiet(end)) {
        var _ = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private NodeMemory.Reservation awaitRoom() throws InterruptedException {
    while (true) {
      var room = memory.reserve(settings.heap(), isClaimed());
      if (room.isPresent()) {
        return room.get();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
    }
  }

  private boolean isClaimed() {
    lock.lock();
    try {
      return claims > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds until a boot disturbs nobody, as far as is known now. */
  private long untilQuiet(long end) {
    var now = System.nanoTime();
    var patience = end - now;
    if (claims > 0) {
      return 0;
    }
    var quiet = lastStart + settings.refillDelay().toNanos() - now;
    return starts > 0 ? patience : Math.min(patience, quiet);
  }

  /** While an instance is being started, no host is booted beside it; close when it has. */
  public Start yieldToStart() {
    count(1, 0);
    return () -> count(-1, 0);
  }

  /** A start that is under way. */
  public interface Start extends AutoCloseable {
    @Override
    void close();
  }

  private void count(int moreStarts, int moreClaims) {
    lock.lock();
    try {
      if (moreStarts != 0) {
        starts += moreStarts;
        lastStart = System.nanoTime();
      }
      claims += moreClaims;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(2);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
