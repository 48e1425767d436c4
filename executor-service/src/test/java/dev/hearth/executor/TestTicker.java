package dev.hearth.executor;

import dev.hearth.executor.node.Ticker;
import dev.hearth.testkit.MovableClock;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A ticker that the test moves. */
public record TestTicker(MovableClock clock) implements Ticker {

  @Override
  public long nanoTime() {
    return clock.nanoTime();
  }

  @Override
  public void awaitUntil(Lock lock, Condition condition, long deadline)
      throws InterruptedException {
    clock.awaitUntil(lock, condition, deadline);
  }
}
