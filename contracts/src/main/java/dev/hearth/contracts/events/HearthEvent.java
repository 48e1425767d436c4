package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * What all events share. The envelope (id, type, version, time) stands in the record's headers, by
 * CloudEvents names.
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

  /** The Kafka topic it travels on. */
  @JsonIgnore
  String topic();

  /** The record's key: what order is kept by. */
  @JsonIgnore
  String key();

  Instant occurredAt();
}
