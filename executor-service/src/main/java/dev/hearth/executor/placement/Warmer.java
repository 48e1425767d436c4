package dev.hearth.executor.placement;

import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.executor.pool.PoolState;
import dev.hearth.executor.start.StartLimiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warms placements that no call needs yet, a few at a time. After a restart the scheduler assigns
 * all placements again. Started at once, they would compete with each other and with calls for the
 * processors until none is in time.
 *
 * <p>The placement of most worth goes first: an expensive start with a recent call. Starts that a
 * call or a deployment needs go before all of them: warming goes on a moment after the last one.
 * While the memory budget has no room for another host, only placements with a minimum of instances
 * are warmed; the others wait for their first call. The lock guards the queue.
 */
final class Warmer {

  private static final Logger log = LoggerFactory.getLogger(Warmer.class);

  /** Interval between checks for other starts. */
  private static final Duration LOOK = Duration.ofMillis(100);

  private final StartLimiter limiter;
  private final BooleanSupplier hasRoom;
  private final PlacementSettings settings;
  private final Ticker ticker;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicInteger running = new AtomicInteger();
  private final List<InstancePool> queue = new ArrayList<>();

  /** Time of the last assignment, or when another start was last seen. */
  private volatile long busyAt;

  /**
   * Creates a warmer, which {@link #start} runs.
   *
   * @param hasRoom returns true if the memory budget has room for another host
   */
  Warmer(
      StartLimiter limiter,
      BooleanSupplier hasRoom,
      PlacementSettings settings,
      Ticker ticker,
      InstantSource clock) {
    this.limiter = limiter;
    this.hasRoom = hasRoom;
    this.settings = settings;
    this.ticker = ticker;
    this.clock = clock;
    this.busyAt = ticker.nanoTime();
  }

  /** Queues a placement that was used before the restart. */
  void add(InstancePool pool) {
    lock.lock();
    try {
      queue.add(pool);
      busyAt = ticker.nanoTime();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Starts the threads that warm placements; they end when they are interrupted. */
  List<Thread> start() {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < settings.warming(); i++) {
      threads.add(Thread.ofVirtual().name("warmer-" + i).start(this::run));
    }
    return threads;
  }

  private void run() {
    try {
      while (true) {
        warmNext();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a placement and until no other start is under way, then starts the placement. */
  void warmNext() throws InterruptedException {
    awaitOne();
    awaitQuiet();
    var next = take();
    if (next.isEmpty()) {
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
      return;
    }
    var begun = ticker.nanoTime();
    running.incrementAndGet();
    try {
      next.get().begin();
      next.get().firstStart().join();
    } finally {
      running.decrementAndGet();
    }
    log.atInfo()
        .addKeyValue("revision", next.get().revision())
        .addKeyValue("tookMs", ticker.since(begun).toMillis())
        .addKeyValue("left", size())
        .log("placement warmed");
  }

  private void awaitOne() throws InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no other start has been seen for the delay, at most for the patience. */
  private void awaitQuiet() throws InterruptedException {
    var begun = ticker.nanoTime();
    while (ticker.since(begun).compareTo(settings.warmingPatience()) < 0) {
      if (limiter.starts() > running.get()) {
        busyAt = ticker.nanoTime();
      } else if (ticker.since(busyAt).compareTo(settings.warmingDelay()) >= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  /** Takes the placement of most worth; drops those that calls have started meanwhile. */
  private Optional<InstancePool> take() {
    lock.lock();
    try {
      queue.removeIf(pool -> pool.state() != PoolState.KNOWN);
      var now = clock.instant();
      var isRoom = hasRoom.getAsBoolean();
      var best =
          queue.stream()
              .filter(pool -> isRoom || pool.isKept())
              .max(Comparator.comparingDouble(pool -> pool.usage().value(now)));
      best.ifPresent(queue::remove);
      return best;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the number of queued placements. */
  int size() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }
}
