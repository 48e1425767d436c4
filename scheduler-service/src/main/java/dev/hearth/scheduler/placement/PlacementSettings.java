package dev.hearth.scheduler.placement;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long the scheduler waits for whom.
 *
 * @param liveWithin a node gets new placements if its last heartbeat is at most this old
 * @param deadAfter a node that was silent for longer loses its placements to other nodes; at least
 *     {@code liveWithin}
 * @param tryAgainAfter pause before a revision that took calls is started again after its start
 *     failed
 * @param gatewayLease a gateway that was silent for longer is not waited for when a route needs
 *     acknowledgements
 * @param deafAfter if no event at all arrived for longer, the scheduler counts the silence of nodes
 *     and gateways from the next event on
 */
@Validated
@ConfigurationProperties("scheduler.placement")
record PlacementSettings(
    @DurationMin(seconds = 1) @DefaultValue("10s") Duration liveWithin,
    @DurationMin(seconds = 1) @DefaultValue("15s") Duration deadAfter,
    @DurationMin(seconds = 1) @DefaultValue("30s") Duration tryAgainAfter,
    @DurationMin(seconds = 1) @DefaultValue("10s") Duration gatewayLease,
    @DurationMin(seconds = 1) @DefaultValue("5s") Duration deafAfter) {

  PlacementSettings {
    if (deadAfter.compareTo(liveWithin) < 0) {
      throw new IllegalArgumentException(
          "scheduler.placement.dead-after must be at least live-within (%s) but is %s"
              .formatted(liveWithin, deadAfter));
    }
  }
}
