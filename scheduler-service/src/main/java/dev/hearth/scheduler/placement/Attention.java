package dev.hearth.scheduler.placement;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Remembers since when this scheduler has received events without a gap.
 *
 * <p>While the scheduler, Kafka or PostgreSQL is down, no node's heartbeat arrives, which says
 * nothing about the nodes. A node's silence therefore counts from the end of the last gap.
 */
final class Attention {

  private final Duration gap;
  private @Nullable Instant lastHeard;
  private Instant since = Instant.EPOCH;

  Attention(Duration gap) {
    this.gap = gap;
  }

  /** Notes that an event arrived. */
  synchronized void hear(Instant now) {
    if (isDeaf(now)) {
      since = now;
    }
    lastHeard = now;
  }

  /** Returns when the last gap ended, or {@code now} during a gap. */
  synchronized Instant since(Instant now) {
    return isDeaf(now) ? now : since;
  }

  private boolean isDeaf(Instant now) {
    return lastHeard == null || lastHeard.plus(gap).isBefore(now);
  }
}
