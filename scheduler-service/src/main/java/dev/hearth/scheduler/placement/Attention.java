package dev.hearth.scheduler.placement;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Since when this scheduler has received events without a gap.
 *
 * <p>A node is not dead because the scheduler was stopped, or because Kafka or PostgreSQL was away:
 * then nothing arrives from anyone. Silence therefore counts from the end of the last gap.
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

  /** Returns when the last gap ended; the given time itself during a gap. */
  synchronized Instant since(Instant now) {
    return isDeaf(now) ? now : since;
  }

  private boolean isDeaf(Instant now) {
    return lastHeard == null || lastHeard.plus(gap).isBefore(now);
  }
}
