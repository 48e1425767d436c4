package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * An event on its way through Kafka: this record as JSON in the value, the envelope in headers by
 * CloudEvents' Kafka binding.
 *
 * <ul>
 *   <li>{@code ce_id}: the same in each delivery of the event
 *   <li>{@code ce_type}: {@code dev.hearth.NAME.vVERSION} with the record's simple name and the
 *       version of {@link EventType}; readers also take the name alone and a former name
 *   <li>{@code ce_source}: the service that publishes
 *   <li>{@code ce_time}: {@link #occurredAt}
 *   <li>{@code ce_tenant}: whom it concerns, if it concerns one tenant
 *   <li>{@code ce_traceparent}: W3C trace of the request that caused it, if there was one
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

  /** Returns when it happened, by the clock of the service or database that decided it. */
  Instant occurredAt();
}
