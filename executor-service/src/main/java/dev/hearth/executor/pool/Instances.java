package dev.hearth.executor.pool;

import dev.hearth.contracts.Scaling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * The lives of one instance, from none to as many as it may have, and the calls that wait for them.
 * The lock guards everything that changes, that of lives too. What is said about a life that is not
 * here any more is ignored.
 */
final class Instances {

  /** A call that has waited so long wants another life. */
  private static final Duration GROW_AFTER = Duration.ofMillis(200);

  /** A life beyond the first ones that no call has needed for so long goes. */
  private static final Duration SHRINK_AFTER = Duration.ofMinutes(1);

  /** The answers of a life's last calls may still be on their way for so long. */
  private static final Duration EVICT_AFTER = Duration.ofSeconds(5);

  private final Scaling scaling;
  private final ToIntFunction<Instance> concurrency;
  private final Runnable start;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private final List<Instance> lives = new ArrayList<>();

  /** Instances that get no more calls and have some left. */
  private final List<Instance> leaving = new ArrayList<>();

  private int starting;
  private int waiting;
  private final StartBackoff failures = new StartBackoff();
  private boolean isServing;
  private boolean ended;

  /** A life's place for one call, and what the call waited for. */
  record Turn(Instance life, long queueNanos, long startNanos) {}

  /**
   * None yet.
   *
   * @param concurrency calls that a life takes at a time
   * @param start has a life made, without waiting for it; then {@link #enter} is called, or {@link
   *     #giveUpStart}
   */
  Instances(Scaling scaling, ToIntFunction<Instance> concurrency, Runnable start) {
    this.scaling = scaling;
    this.concurrency = concurrency;
    this.start = start;
  }

  private void locked(Runnable change) {
    var _ =
        holding(() -> {
          change.run();
          changed.signalAll();
          return true;
        });
  }

  private <T> T holding(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  /** Has the first one made. */
  void begin() {
    locked(this::startOne);
  }

  private void startOne() {
    starting++;
    start.run();
  }

  /** Takes a life in; whether calls may come now and could not before. */
  boolean enter(Instance entered) {
    return holding(() -> {
      starting--;
      changed.signalAll();
      if (ended) {
        entered.leave();
        return false;
      }
      // What it takes the place of, in a host that is to end.
      var old = lives.stream().filter(life -> life.host().isLeaving()).findFirst();
      old.ifPresent(this::leave);
      lives.add(entered);
      if (lives.size() < scaling.minInstances()) {
        startOne();
        return false;
      }
      var isFirst = !isServing;
      isServing = true;
      return isFirst;
    });
  }

  /** A life was not made; whether calls can be served without it. */
  boolean giveUpStart() {
    return holding(() -> {
      starting--;
      failures.add(lives.isEmpty());
      changed.signalAll();
      return isServing && !lives.isEmpty();
    });
  }

  private void leave(Instance life) {
    lives.remove(life);
    if (life.running() > 0) {
      leaving.add(life);
    }
    life.leave();
  }

  /** A life ended that should not have. */
  void lose(Instance which) {
    locked(() -> {
      if (lives.remove(which)) {
        which.host().forget(which.name());
        if (!ended && starting == 0 && lives.size() < Math.max(1, scaling.minInstances())) {
          startOne();
        }
      }
    });
  }

  /** Whether calls are served, be it after a start. */
  boolean isServing() {
    return holding(() -> isServing);
  }

  /** Waits for a turn, at most so long; there is none when they have ended, or cannot start. */
  Optional<Turn> acquire(Duration patience) throws InterruptedException {
    var begun = System.nanoTime();
    var startNanos = 0L;
    lock.lock();
    waiting++;
    try {
      while (!ended) {
        var waited = System.nanoTime() - begun;
        var free = free();
        if (free.isPresent()) {
          free.get().take();
          return Optional.of(new Turn(free.get(), waited - startNanos, startNanos));
        }
        var isOver = lives.isEmpty() && starting == 0 && failures.wasAloneLately();
        if (isOver || waited >= patience.toNanos()) {
          return Optional.empty();
        }
        var isLong = waited >= GROW_AFTER.toNanos();
        if (starting == 0 && (lives.isEmpty() || (isLong && mayGrow()))) {
          startOne();
        }
        var until = isLong || patience.compareTo(GROW_AFTER) < 0 ? patience : GROW_AFTER;
        var before = System.nanoTime();
        var isStarting = lives.isEmpty();
        var _ = changed.awaitNanos(until.toNanos() - waited);
        startNanos += isStarting ? System.nanoTime() - before : 0;
      }
      return Optional.empty();
    } finally {
      waiting--;
      changed.signalAll();
      lock.unlock();
    }
  }

  /** A turn, if there is one for the taking; never waits, not even for the lock. */
  Optional<Turn> acquireNow() {
    if (!lock.tryLock()) {
      return Optional.empty();
    }
    try {
      var free = ended || waiting > 0 ? Optional.<Instance>empty() : free();
      free.ifPresent(Instance::take);
      return free.map(life -> new Turn(life, 0, 0));
    } finally {
      lock.unlock();
    }
  }

  private boolean mayGrow() {
    return lives.size() < scaling.maxInstances() && !failures.wasLately();
  }

  /** The life with the fewest calls, where that may take one more. */
  private Optional<Instance> free() {
    return lives.stream()
        .min(Comparator.comparingInt(Instance::running))
        .filter(life -> life.running() < concurrency.applyAsInt(life));
  }

  /** A call of a life has ended; does not wait for the lock. */
  void release(Instance life) {
    Runnable change =
        () ->
            locked(() -> {
              life.give();
              if (life.running() == 0) {
                leaving.remove(life);
              }
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

  /** Lets go what is not needed any more, and replaces lives in hosts that are to end. */
  void tend() {
    locked(() -> {
      if (lives.size() > Math.max(1, scaling.minInstances()) && waiting == 0) {
        var idle =
            lives.stream().filter(life -> life.idle().compareTo(SHRINK_AFTER) > 0).findFirst();
        idle.ifPresent(this::leave);
      }
      var isShort = isServing && lives.size() < scaling.minInstances();
      if (starting == 0
          && !failures.wasLately()
          && (isShort || lives.stream().anyMatch(life -> life.host().isLeaving()))) {
        startOne();
      }
    });
  }

  /** All of them, and which could be done without. */
  List<EvictionCandidate> spare() {
    return holding(() ->
        lives.stream()
            .map(life -> new EvictionCandidate(this, life, isFree(life), life.value()))
            .toList());
  }

  private boolean isFree(Instance life) {
    // A host that is to end may be in the way of its successor.
    return isServing
        && waiting == 0
        && (starting == 0 || life.host().isLeaving())
        && life.idle().compareTo(EVICT_AFTER) > 0
        && scaling.minInstances() == 0
        && lives.contains(life);
  }

  /** Lets a life go unless it is needed after all; the next call has one made. */
  boolean evict(Instance life) {
    return holding(() -> {
      var isFree = isFree(life);
      if (isFree) {
        leave(life);
      }
      return isFree;
    });
  }

  /** Ends them after the calls that run or wait, at most after so long. */
  void end(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      for (long left = patience.toNanos(); isBusy() && left > 0; ) {
        left = changed.awaitNanos(left);
      }
      ended = true;
      changed.signalAll();
      Stream.of(lives, leaving)
          .flatMap(List::stream)
          .forEach(life -> life.host().stop(life.name()));
      lives.clear();
      leaving.clear();
    } finally {
      lock.unlock();
    }
  }

  private boolean isBusy() {
    return !leaving.isEmpty()
        || (!lives.isEmpty()
            && (waiting > 0 || lives.stream().anyMatch(life -> life.running() > 0)));
  }
}
