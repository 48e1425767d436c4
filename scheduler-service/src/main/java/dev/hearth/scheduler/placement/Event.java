package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.NodeRef;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What the planner decides about. Each event brings the time at which it is decided. */
sealed interface Event {

  /** The database's clock when the event is handled. */
  Instant at();

  /** A revision's artifact may be fetched by nodes. */
  record ArtifactStored(Instant at, RevisionRef revision, Digest artifact, RuntimeSettings settings)
      implements Event {}

  /**
   * A node's heartbeat.
   *
   * @param sentAt the node's own clock
   * @param placements what the node has, ready or not
   */
  record NodeHeard(Instant at, NodeRef node, Instant sentAt, URI url, Set<UUID> placements)
      implements Event {}

  /**
   * A gateway's heartbeat.
   *
   * @param sentAt the gateway's own clock
   * @param generations routes that came into effect since its last heartbeat
   */
  record GatewayHeard(
      Instant at, GatewayRef gateway, Instant sentAt, Map<FunctionKey, Long> generations)
      implements Event {}

  /** A placement's instances answered their probes. */
  record PlacementReady(Instant at, UUID placement, RevisionRef revision, Timings timings)
      implements Event {}

  /** A node gave a placement up because no instance started. */
  record PlacementFailed(Instant at, UUID placement, RevisionRef revision, String reason)
      implements Event {}

  /** Time has passed. */
  record Tick(Instant at) implements Event {}
}
