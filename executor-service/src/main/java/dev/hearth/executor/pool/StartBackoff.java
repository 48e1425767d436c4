package dev.hearth.executor.pool;

import dev.hearth.executor.node.Ticker;
import java.time.Duration;

/** Back-off of a pool's starts: after a failed start, no further one is tried for a pause. */
final class StartBackoff {

  private final Ticker ticker;
  private final Duration pause;
  private long failedAt;
  private long failedAloneAt;
  private String reason = "";

  StartBackoff(Ticker ticker, Duration pause) {
    this.ticker = ticker;
    this.pause = pause;
    this.failedAt = ticker.nanoTime() - pause.toNanos();
    this.failedAloneAt = failedAt;
  }

  /**
   * Records a failed start.
   *
   * @param alone true if the pool had no other instance
   */
  void add(boolean alone, String why) {
    failedAt = ticker.nanoTime();
    failedAloneAt = alone ? failedAt : failedAloneAt;
    reason = why;
  }

  /** Returns true if a start failed within the pause. */
  boolean isPausing() {
    return ticker.since(failedAt).compareTo(pause) < 0;
  }

  /** Returns true if a start failed within the pause while there was no other instance. */
  boolean isPausingAlone() {
    return ticker.since(failedAloneAt).compareTo(pause) < 0;
  }

  /** Returns why the last start failed. */
  String reason() {
    return reason;
  }
}
