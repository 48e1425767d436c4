package dev.hearth.executor.node;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A clock for intervals that counts nanoseconds from an arbitrary origin and waits for deadlines.
 * Tests pass a clock that they move.
 */
public interface Ticker {

  /** Returns the current time in nanoseconds, as {@link System#nanoTime} does. */
  long nanoTime();

  /**
   * Waits until the condition is signalled or the deadline has passed. It may return earlier, so
   * the caller checks again.
   *
   * @param lock guards the condition, and is held by the caller
   * @param deadline by {@link #nanoTime}
   */
  void awaitUntil(Lock lock, Condition condition, long deadline) throws InterruptedException;

  /** Returns the time since an earlier {@link #nanoTime}. */
  default Duration since(long nanos) {
    return Duration.ofNanos(nanoTime() - nanos);
  }

  /** Returns the ticker of the operating system. */
  static Ticker system() {
    return new Ticker() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      @SuppressWarnings("WaitNotInLoop") // The caller checks again, as the contract says.
      public void awaitUntil(Lock lock, Condition condition, long deadline)
          throws InterruptedException {
        var _ = condition.awaitNanos(deadline - System.nanoTime());
      }
    };
  }
}
