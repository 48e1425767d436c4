package dev.hearth.kit.events;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.ArtifactEvent;
import dev.hearth.contracts.events.BuildEvent;
import dev.hearth.contracts.events.GatewayEvent;
import dev.hearth.contracts.events.HearthEvent;
import dev.hearth.contracts.events.InstanceEvent;
import dev.hearth.contracts.events.LogEvent;
import dev.hearth.contracts.events.NodeEvent;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.contracts.events.ReleaseEvent;
import dev.hearth.contracts.events.RevisionEvent;
import dev.hearth.contracts.events.RouteEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The CloudEvents attributes of an event.
 *
 * @param id identifies the event; the same in each delivery
 * @param type see {@link EventTypes}
 * @param time when the event happened; absent if an earlier version of the service wrote it to the
 *     outbox
 * @param tenant the tenant that the event concerns, if it concerns one
 * @param trace W3C {@code traceparent} of the request that caused the event, if there was one
 */
record Envelope(
    UUID id, String type, Optional<Instant> time, Optional<String> tenant, Optional<String> trace) {

  /** Creates the envelope of a new event. */
  static Envelope of(HearthEvent event) {
    return new Envelope(
        UUID.randomUUID(),
        EventTypes.of(event),
        Optional.of(event.occurredAt()),
        tenant(event),
        Trace.current());
  }

  private static Optional<String> tenant(HearthEvent event) {
    return switch (event) {
      case RevisionEvent about -> tenant(about.revision());
      case BuildEvent about -> tenant(about.revision());
      case ArtifactEvent about -> tenant(about.revision());
      case InstanceEvent about -> tenant(about.revision());
      case RouteEvent about -> tenant(about.revision());
      case ReleaseEvent about -> tenant(about.revision());
      case StartPlacement about -> tenant(about.revision());
      case StopPlacement _, NodeEvent _, GatewayEvent _, LogEvent _ -> Optional.empty();
    };
  }

  private static Optional<String> tenant(RevisionRef revision) {
    return Optional.of(revision.function().tenant());
  }
}
