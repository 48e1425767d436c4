package dev.hearth.scheduler.placement;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Limits on how long the scheduler waits for nodes and gateways.
 *
 * @param liveWithin greatest age of a node's last heartbeat at which it gets new placements
 * @param deadAfter silence after which a node loses its placements to other nodes; at least {@code
 *     liveWithin}
 * @param tryAgainAfter back-off after a failed start of a revision that takes calls
 * @param gatewayLease silence after which no route waits for a gateway's acknowledgement
 * @param deafAfter gap without any event after which the silence of nodes and gateways counts from
 *     the next event
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
