package dev.hearth.executor.pool;

import java.time.Duration;
import java.time.Instant;

/**
 * The use of a revision on this node.
 *
 * @param lastCall when a call last asked for an instance
 * @param start duration of the last start
 */
public record Usage(Instant lastCall, Duration start) {

  /** Returns the worth of warming the revision: the cost of a start, divided by the idle time. */
  public double value(Instant now) {
    var idle = Math.max(0, Duration.between(lastCall, now).toMillis());
    return start.toMillis() / (1_000.0 + idle);
  }
}
