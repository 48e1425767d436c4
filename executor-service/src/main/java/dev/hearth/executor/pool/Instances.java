package dev.hearth.executor.pool;

import dev.hearth.contracts.Scaling;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.pool.Acquisition.Acquired;
import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.Ended;
import dev.hearth.executor.pool.Acquisition.TimedOut;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * The instances of a pool and the calls that wait for them.
 *
 * <p>A call takes the ready instance with the fewest calls. If there is none, it starts one; if all
 * are busy, it waits, and after a moment starts a further one, one at a time and up to the maximum.
 * Reports about instances that are gone already are ignored. The fair lock guards all state, that
 * of instances too, so that calls are served in the order in which they came.
 */
final class Instances {

  private final Scaling scaling;
  private final PoolSettings settings;
  private final Ticker ticker;
  private final Work work;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private final InstanceList instances = new InstanceList();
  private final StartBackoff backoff;
  private PoolState state = PoolState.KNOWN;
  private int waiting;

  /**
   * What the pool does outside the lock.
   *
   * @param concurrency calls that an instance takes at a time
   * @param start starts an instance without waiting; afterwards {@link #ready} or {@link #failed}
   *     is called
   * @param discard ends a host
   */
  record Work(
      ToIntFunction<ReadyInstance> concurrency, Consumer<Instance> start, Consumer<Host> discard) {}

  Instances(Scaling scaling, PoolSettings settings, Ticker ticker, Work work) {
    this.scaling = scaling;
    this.settings = settings;
    this.ticker = ticker;
    this.work = work;
    this.backoff = new StartBackoff(ticker, settings.startBackoff());
  }

  private <T> T holding(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  private void changing(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean become(PoolState next) {
    var isLegal = state.mayBecome(next);
    state = isLegal ? next : state;
    return isLegal;
  }

  PoolState state() {
    return holding(() -> state);
  }

  /** Starts the first instance, unless a call has done so. */
  void begin() {
    changing(() -> {
      if (state == PoolState.KNOWN) {
        startOne();
      }
    });
  }

  private void startOne() {
    if (state == PoolState.KNOWN) {
      become(PoolState.STARTING);
    }
    var starting = new Instance(ticker);
    instances.add(starting);
    work.start().accept(starting);
  }

  private boolean hasServed() {
    return state == PoolState.SERVING || state == PoolState.RETIRING;
  }

  /** Adds a started instance; returns true if the pool serves calls from now on. */
  boolean ready(Instance started, ReadyInstance details) {
    return holding(() -> {
      changed.signalAll();
      started.ready(details);
      if (state == PoolState.ENDED) {
        instances.leave(started);
        return false;
      }
      // The new instance replaces one in a host that is to end.
      instances.ready().stream()
          .filter(other -> other != started && other.host().isLeaving())
          .findFirst()
          .ifPresent(instances::leave);
      if (instances.readyCount() < scaling.minInstances()) {
        startOne();
        return false;
      }
      return become(PoolState.SERVING);
    });
  }

  /** Records a failed start; returns true if calls can be served without it. */
  boolean failed(Instance starting, String reason) {
    return holding(() -> {
      starting.failed();
      instances.remove(starting);
      backoff.add(instances.readyCount() == 0, reason);
      changed.signalAll();
      return hasServed() && instances.readyCount() > 0;
    });
  }

  /** Returns true if the pool has served calls; a later call may start an instance again. */
  boolean isServing() {
    return holding(this::hasServed);
  }

  /** Records that an instance is gone; starts another one if there are too few. */
  void lose(Instance gone) {
    changing(() -> {
      if (gone.state() != InstanceState.READY) {
        return;
      }
      gone.lost();
      instances.remove(gone);
      if (state != PoolState.ENDED
          && !instances.isStarting()
          && instances.readyCount() < Math.max(1, scaling.minInstances())) {
        startOne();
      }
    });
  }

  /** Ends the host of an instance. */
  void discard(Instance instance) {
    work.discard().accept(instance.host());
  }

  /** Waits for an instance, at most for the patience. */
  Acquisition acquire(Duration patience) throws InterruptedException {
    var begun = ticker.nanoTime();
    var deadline = begun + patience.toNanos();
    var growAt = begun + settings.growAfter().toNanos();
    var startNanos = 0L;
    lock.lock();
    waiting++;
    try {
      while (state != PoolState.ENDED) {
        var now = ticker.nanoTime();
        var free = free();
        if (free.isPresent()) {
          return new Acquired(permit(free.get(), now - begun - startNanos, startNanos));
        }
        var isEmpty = instances.readyCount() == 0;
        if (isEmpty && !instances.isStarting() && backoff.isPausingAlone()) {
          return new CannotStart(backoff.reason());
        }
        if (now - deadline >= 0) {
          return new TimedOut(patience);
        }
        var isLong = now - growAt >= 0;
        if (!instances.isStarting() && (isEmpty || (isLong && mayGrow()))) {
          startOne();
        }
        ticker.awaitUntil(lock, changed, isLong ? deadline : Math.min(growAt, deadline));
        startNanos += isEmpty ? ticker.nanoTime() - now : 0;
      }
      return backoff.isPausingAlone() ? new CannotStart(backoff.reason()) : new Ended();
    } finally {
      waiting--;
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Takes an instance if one is free; never waits, not even for the lock. */
  Optional<Permit> acquireNow() {
    if (!lock.tryLock()) {
      return Optional.empty();
    }
    try {
      return state == PoolState.ENDED || waiting > 0
          ? Optional.empty()
          : free().map(instance -> permit(instance, 0, 0));
    } finally {
      lock.unlock();
    }
  }

  private boolean mayGrow() {
    return instances.readyCount() < scaling.maxInstances() && !backoff.isPausing();
  }

  private Optional<Instance> free() {
    return instances
        .readyWithFewestCalls()
        .filter(each -> each.running() < work.concurrency().applyAsInt(each.details()));
  }

  private Permit permit(Instance instance, long queueNanos, long startNanos) {
    instance.take();
    return new Permit(this, instance, queueNanos, startNanos);
  }

  /** Ends a call of an instance; never waits for the lock. */
  void release(Instance instance) {
    Runnable change =
        () ->
            changing(() -> {
              instance.give();
              instances.removeIfEnded(instance);
            });
    if (!lock.tryLock()) {
      Thread.ofVirtual().name("release").start(change);
      return;
    }
    try {
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /** Ends an idle instance beyond the minimum, and replaces instances in hosts that leave. */
  void tend() {
    changing(() -> {
      if (state == PoolState.RETIRING || state == PoolState.ENDED) {
        return;
      }
      if (instances.readyCount() > Math.max(1, scaling.minInstances()) && waiting == 0) {
        instances.ready().stream()
            .filter(instance -> instance.idle().compareTo(settings.shrinkAfter()) > 0)
            .findFirst()
            .ifPresent(instances::leave);
      }
      var isShort = hasServed() && instances.readyCount() < scaling.minInstances();
      if (!instances.isStarting()
          && !backoff.isPausing()
          && (isShort || instances.ready().stream().anyMatch(each -> each.host().isLeaving()))) {
        startOne();
      }
    });
  }

  /** Returns all ready instances with the cost of their eviction. */
  List<EvictionCandidate> candidates() {
    return holding(() ->
        instances.ready().stream()
            .map(each -> new EvictionCandidate(this, each, isFree(each), each.value()))
            .toList());
  }

  private boolean isFree(Instance instance) {
    // An instance in a host that leaves may be in the way of its own successor.
    return hasServed()
        && waiting == 0
        && (!instances.isStarting() || instance.host().isLeaving())
        && instance.idle().compareTo(settings.evictAfter()) > 0
        && scaling.minInstances() == 0
        && instance.state() == InstanceState.READY;
  }

  /** Evicts an instance unless it is in use by now; the next call starts another one. */
  boolean evict(Instance instance) {
    return holding(() -> {
      var isFree = instance.state() == InstanceState.READY && isFree(instance);
      if (isFree) {
        instances.leave(instance);
      }
      return isFree;
    });
  }

  /** Announces the end: idle instances are not replaced from now on. */
  void retire() {
    changing(() -> become(PoolState.RETIRING));
  }

  /**
   * Ends all instances after running and waiting calls, at most after the patience; waits for what
   * their code left for the end.
   */
  void end(Duration patience) throws InterruptedException {
    var deadline = ticker.nanoTime() + patience.toNanos();
    List<Host> hosts;
    lock.lock();
    try {
      while (isBusy() && ticker.nanoTime() - deadline < 0) {
        ticker.awaitUntil(lock, changed, deadline);
      }
    } finally {
      become(PoolState.ENDED);
      changed.signalAll();
      hosts = instances.stopStarted();
      lock.unlock();
    }
    hosts.forEach(host -> host.quiet().join());
  }

  private boolean isBusy() {
    return instances.isBusy() || (waiting > 0 && !instances.isEmpty());
  }
}
