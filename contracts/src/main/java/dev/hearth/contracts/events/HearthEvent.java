package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * An event in Kafka: the record as JSON in the value, the envelope in headers by CloudEvents' Kafka
 * binding.
 *
 * <ul>
 *   <li>{@code ce_id}: id of the event, the same in each delivery
 *   <li>{@code ce_type}: {@code dev.hearth.NAME.vVERSION} with the record's simple name and the
 *       version of {@link EventType}; readers also accept the name alone and a former name
 *   <li>{@code ce_source}: the service that publishes
 *   <li>{@code ce_time}: {@link #occurredAt}
 *   <li>{@code ce_tenant}: the tenant, if the event concerns one
 *   <li>{@code ce_traceparent}: W3C trace of the request that caused the event, if there was one
 * </ul>
 */
public sealed interface HearthEvent
    permits RevisionEvent,
        BuildEvent,
        ArtifactEvent,
        PlacementCommand,
        NodeEvent,
        InstanceEvent,
        RouteEvent,
        ReleaseEvent,
        GatewayEvent,
        LogEvent {

  /** Returns the Kafka topic. */
  @JsonIgnore
  String topic();

  /** Returns the Kafka key; events with the same key keep their order. */
  @JsonIgnore
  String key();

  /** Returns when the event happened, by the clock of the service or database that decided it. */
  Instant occurredAt();
}
