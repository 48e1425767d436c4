package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;

/**
 * Reports of gateways about themselves. Topic {@code gateways}, key the gateway's name, ordered per
 * gateway.
 */
public sealed interface GatewayEvent extends HearthEvent {

  GatewayRef gateway();

  @Override
  @JsonIgnore
  default String topic() {
    return "gateways";
  }

  @Override
  @JsonIgnore
  default String key() {
    return gateway().name();
  }

  /**
   * The gateway lives: sent every second, and at once when routes came into effect. A gateway that
   * is silent for longer than its lease is not waited for any more.
   *
   * @param gateway which run of which gateway
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param generations the routes that came into effect since the last heartbeat of this run:
   *     {@code tenant/function} to the generation
   */
  record GatewayHeartbeat(GatewayRef gateway, Instant occurredAt, Map<String, Long> generations)
      implements GatewayEvent {

    public GatewayHeartbeat {
      generations = Map.copyOf(generations);
    }
  }
}
