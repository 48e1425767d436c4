package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;

/** Events about gateways. Topic {@code gateways}, key the gateway's name, ordered per gateway. */
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
   * Heartbeat of a gateway, sent every two seconds, and at once when a route took effect. A gateway
   * that is silent for longer than its lease is considered dead.
   *
   * @param gateway run of the gateway
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param generations routes that took effect since the last heartbeat of this run: generation by
   *     {@code tenant/function}
   */
  record GatewayHeartbeat(GatewayRef gateway, Instant occurredAt, Map<String, Long> generations)
      implements GatewayEvent {

    public GatewayHeartbeat {
      generations = Map.copyOf(generations);
    }
  }
}
