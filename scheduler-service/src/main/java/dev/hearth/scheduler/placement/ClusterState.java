package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.RouteEvent.Target;
import java.net.URI;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * State that the planner decides on: all nodes and gateways, and the functions that the event may
 * concern.
 *
 * @param nodes nodes by name
 * @param gateways gateways by name
 * @param functions functions that the event may concern; a node's heartbeat concerns all
 * @param listeningSince since when events have arrived without a gap (see {@link Attention})
 */
record ClusterState(
    Map<String, Node> nodes,
    Map<String, Gateway> gateways,
    Map<FunctionKey, Function> functions,
    Instant listeningSince) {

  ClusterState {
    nodes = Map.copyOf(nodes);
    gateways = Map.copyOf(gateways);
    functions = Map.copyOf(functions);
  }

  /**
   * A node with its newest heartbeat.
   *
   * @param seenAt the database's time when the heartbeat was handled
   * @param sentAt the node's time when it sent the heartbeat
   */
  record Node(NodeRef ref, URI url, Instant seenAt, Instant sentAt) {}

  /**
   * A gateway with its newest heartbeat.
   *
   * @param seenAt the database's time when the heartbeat was handled
   * @param sentAt the gateway's time when it sent the heartbeat
   * @param acknowledged newest generation that this run of the gateway applied, by function
   */
  record Gateway(
      GatewayRef ref, Instant seenAt, Instant sentAt, Map<FunctionKey, Long> acknowledged) {

    Gateway {
      acknowledged = Map.copyOf(acknowledged);
    }

    boolean hasAcknowledged(FunctionKey function, long generation) {
      return acknowledged.getOrDefault(function, 0L) >= generation;
    }
  }

  /**
   * A function's revisions, placements and route.
   *
   * @param revisions revisions that need a placement, and the one that the event names
   * @param placements placements of all its revisions, oldest first
   */
  record Function(List<Revision> revisions, List<Placement> placements, Optional<Route> route) {

    static final Function NONE = new Function(List.of(), List.of(), Optional.empty());

    Function {
      revisions = List.copyOf(revisions);
      placements = List.copyOf(placements);
    }

    Optional<Revision> revision(UUID id) {
      return revisions.stream().filter(revision -> revision.ref().id().equals(id)).findFirst();
    }

    Optional<Placement> placement(UUID id) {
      return placements.stream().filter(placement -> placement.id().equals(id)).findFirst();
    }

    /** Returns the newest revision that takes calls. */
    Optional<Revision> routed() {
      return revisions.stream()
          .filter(revision -> revision.state().takesCalls())
          .max(Comparator.comparingInt(revision -> revision.ref().number()));
    }

    /** Returns the placements of a revision that are not withdrawn. */
    List<Placement> usable(UUID revision) {
      return placements.stream()
          .filter(placement -> placement.revision().equals(revision))
          .filter(placement -> placement.state() != PlacementState.WITHDRAWN)
          .toList();
    }

    /** Returns the generation of the newest route; 0 if there was none. */
    long generation() {
      return route.map(Route::generation).orElse(0L);
    }
  }

  /**
   * A revision with its back-off.
   *
   * @param addedAt when the scheduler learned of the revision
   * @param notBefore earliest next start after a failed one
   */
  record Revision(
      RevisionRef ref, RevisionState state, Instant addedAt, Optional<Instant> notBefore) {

    Revision in(RevisionState next) {
      if (!state.mayBecome(next)) {
        throw new IllegalStateException(
            "revision " + ref + " cannot move from " + state + " to " + next);
      }
      return new Revision(ref, next, addedAt, notBefore);
    }

    Revision notBefore(Optional<Instant> time) {
      return new Revision(ref, state, addedAt, time);
    }
  }

  /**
   * A placement of a revision.
   *
   * @param generation if withdrawn, the first generation of the route without it; else 0
   */
  record Placement(UUID id, UUID revision, NodeRef node, PlacementState state, long generation) {

    Placement in(PlacementState next, long withdrawnBy) {
      if (!state.mayBecome(next)) {
        throw new IllegalStateException(
            "placement " + id + " cannot move from " + state + " to " + next);
      }
      return new Placement(id, revision, node, next, withdrawnBy);
    }
  }

  /**
   * The newest route of a function.
   *
   * @param revision the revision that takes the calls
   */
  record Route(UUID revision, long generation, List<Target> targets, Timings timings) {

    Route {
      targets = List.copyOf(targets);
    }
  }

  Function function(FunctionKey key) {
    return functions.getOrDefault(key, Function.NONE);
  }
}
