package dev.hearth.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A clock that stands still until a test moves it. It tells wall time ({@link #instant}) and a
 * nanosecond count ({@link #nanoTime}) that move together, and it wakes threads that wait for one
 * of its deadlines ({@link #awaitUntil}).
 */
public final class MovableClock implements InstantSource {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile long nanos;

  @Override
  public Instant instant() {
    return START.plusNanos(nanos);
  }

  /** Returns the nanoseconds by which this clock was moved. */
  public long nanoTime() {
    return nanos;
  }

  /** Moves the clock forward and wakes the threads that wait on it. */
  public synchronized void move(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("a clock moves forward only, not by " + by);
    }
    nanos += by.toNanos();
    listeners.forEach(Runnable::run);
  }

  /** Calls back after each move, on the thread that moves the clock. */
  public void onMove(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Waits until the condition is signalled, the clock is moved, or the deadline has passed. The
   * caller holds the lock and checks again afterwards, as with {@link Condition#await()}.
   *
   * @param deadline by {@link #nanoTime}
   */
  @SuppressWarnings("WaitNotInLoop") // the caller checks again, as after any await
  public void awaitUntil(Lock lock, Condition condition, long deadline)
      throws InterruptedException {
    Runnable wake =
        () -> {
          lock.lock();
          try {
            condition.signalAll();
          } finally {
            lock.unlock();
          }
        };
    listeners.add(wake);
    try {
      // A move after the caller's check is not missed: waking needs the lock, which the caller
      // holds.
      if (nanos < deadline) {
        condition.await();
      }
    } finally {
      listeners.remove(wake);
    }
  }
}
