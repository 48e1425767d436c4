package dev.hearth.executor.stem;

import dev.hearth.executor.node.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * Holds back boots of stems while instances start or make their first calls, which need the
 * processor more. A stem that a tenant waits for boots at once.
 */
@Component
public class BootGate {

  private final StemSettings settings;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int starts;
  private int claims;
  private long lastStart;

  public BootGate(StemSettings settings, Ticker ticker) {
    this.settings = settings;
    this.ticker = ticker;
    this.lastStart = ticker.nanoTime() - Duration.ofDays(1).toNanos();
  }

  /** A start or a claim that is under way. */
  public interface Passage extends AutoCloseable {
    @Override
    void close();
  }

  /** Holds back boots until the start of an instance has ended. */
  public Passage start() {
    count(1, 0);
    return () -> count(-1, 0);
  }

  /** Lets boots pass at once until a claim of a stem has ended. */
  Passage claim() {
    count(0, 1);
    return () -> count(0, -1);
  }

  private void count(int moreStarts, int moreClaims) {
    lock.lock();
    try {
      if (moreStarts != 0) {
        starts += moreStarts;
        lastStart = ticker.nanoTime();
      }
      claims += moreClaims;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns true if a tenant waits for a stem. */
  boolean isClaimed() {
    lock.lock();
    try {
      return claims > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a boot disturbs no instance, at most for the refill patience. */
  void awaitQuiet() throws InterruptedException {
    var end = ticker.nanoTime() + settings.refillPatience().toNanos();
    lock.lock();
    try {
      for (var until = quietAt(end); until > ticker.nanoTime(); until = quietAt(end)) {
        ticker.awaitUntil(lock, changed, until);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns when a boot will disturb no instance, as far as is known now. */
  private long quietAt(long end) {
    if (claims > 0) {
      return ticker.nanoTime();
    }
    return starts > 0 ? end : Math.min(end, lastStart + settings.refillDelay().toNanos());
  }
}
