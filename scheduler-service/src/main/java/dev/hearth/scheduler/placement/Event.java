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

/** Input of the planner, with the time at which it is handled. */
sealed interface Event {

  /** Returns the database's time when the event is handled. */
  Instant at();

  /** A revision's artifact is stored, and nodes may fetch it. */
  record ArtifactStored(Instant at, RevisionRef revision, Digest artifact, RuntimeSettings settings)
      implements Event {}

  /**
   * A node's heartbeat.
   *
   * @param sentAt the node's time when it sent the heartbeat
   * @param placements placements that the node has, ready or not
   */
  record NodeHeard(Instant at, NodeRef node, Instant sentAt, URI url, Set<UUID> placements)
      implements Event {}

  /**
   * A gateway's heartbeat.
   *
   * @param sentAt the gateway's time when it sent the heartbeat
   * @param generations generations of the routes applied since its last heartbeat
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

  /** A regular tick, at which silent nodes and gateways are noticed. */
  record Tick(Instant at) implements Event {}
}
