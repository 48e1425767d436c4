package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.RouteEvent.Target;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A step that follows from an event: a change of the tables, a message, or both. */
sealed interface Decision {

  /** Record a node's heartbeat. */
  record NoteNode(NodeRef node, URI url, Instant sentAt) implements Decision {}

  /** Record a gateway's heartbeat. A new run forgets the acknowledgements of earlier ones. */
  record NoteGateway(GatewayRef gateway, Instant sentAt, Map<FunctionKey, Long> generations)
      implements Decision {}

  /** Add a revision. */
  record Accept(
      RevisionRef revision, Digest artifact, RuntimeSettings settings, RevisionState state)
      implements Decision {}

  /** Put a revision on a node. */
  record Assign(RevisionRef revision, UUID placement, NodeRef node) implements Decision {}

  /** Repeat a start command that the node has lost. */
  record Repeat(RevisionRef revision, UUID placement, NodeRef node) implements Decision {}

  /** Note that a placement's instances answered their probes. */
  record MarkReady(RevisionRef revision, UUID placement) implements Decision {}

  /** Take a placement out of the routes; stop it once this generation is acknowledged. */
  record Withdraw(FunctionKey function, UUID placement, long generation) implements Decision {}

  /** Tell a node to stop a withdrawn placement. */
  record Stop(FunctionKey function, UUID placement, NodeRef node) implements Decision {}

  /** Tell a node to stop a placement that it should not have. */
  record StopStray(UUID placement, NodeRef node) implements Decision {}

  /** Forget a placement that is gone from its node. */
  record Drop(FunctionKey function, UUID placement) implements Decision {}

  /** Send a function's calls to these placements. */
  record PublishRoute(RevisionRef revision, long generation, List<Target> targets, Timings timings)
      implements Decision {}

  /** Let a revision take calls: {@code WARMING} to {@code ROUTED}. */
  record Promote(RevisionRef revision) implements Decision {}

  /** Announce that a revision is live: {@code ROUTED} to {@code LIVE}. */
  record Release(RevisionRef revision, Timings timings) implements Decision {}

  /** Replace a revision by a newer one. */
  record Retire(RevisionRef revision, RevisionState from) implements Decision {}

  /** Give a revision up: {@code WARMING} to {@code FAILED}. */
  record Fail(RevisionRef revision, String reason) implements Decision {}

  /** Do not start a revision again before this time. */
  record Postpone(RevisionRef revision, Instant until) implements Decision {}
}
