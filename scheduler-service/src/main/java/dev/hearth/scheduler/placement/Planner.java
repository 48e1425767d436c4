package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.scheduler.placement.ClusterState.Function;
import dev.hearth.scheduler.placement.ClusterState.Placement;
import dev.hearth.scheduler.placement.ClusterState.Revision;
import dev.hearth.scheduler.placement.Decision.Accept;
import dev.hearth.scheduler.placement.Decision.Drop;
import dev.hearth.scheduler.placement.Decision.Fail;
import dev.hearth.scheduler.placement.Decision.MarkReady;
import dev.hearth.scheduler.placement.Decision.NoteGateway;
import dev.hearth.scheduler.placement.Decision.NoteNode;
import dev.hearth.scheduler.placement.Decision.Postpone;
import dev.hearth.scheduler.placement.Decision.Promote;
import dev.hearth.scheduler.placement.Decision.Repeat;
import dev.hearth.scheduler.placement.Decision.Retire;
import dev.hearth.scheduler.placement.Decision.StopStray;
import dev.hearth.scheduler.placement.Decision.Withdraw;
import dev.hearth.scheduler.placement.Event.ArtifactStored;
import dev.hearth.scheduler.placement.Event.GatewayHeard;
import dev.hearth.scheduler.placement.Event.NodeHeard;
import dev.hearth.scheduler.placement.Event.PlacementFailed;
import dev.hearth.scheduler.placement.Event.PlacementReady;
import dev.hearth.scheduler.placement.Event.Tick;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Decides where revisions are placed and which route a function has. The planner is pure: it knows
 * no clock, database or broker, and ids come from an injected source.
 *
 * <p>The tables hold the wanted state, heartbeats report the actual one. Each heartbeat of a node
 * compares the two and repeats missing commands, so lost commands and restarted or dead nodes need
 * no protocol of their own. {@link Reconciler} then brings each function to its wanted state. A new
 * revision is warmed beside the old one. When it is ready, its route is published with the
 * function's next generation and older revisions are retired. Once every live gateway has
 * acknowledged that generation, the new revision is released, which users see as live, and the old
 * placements are stopped.
 *
 * <p>A revision that takes calls is routed to its placement as soon as that is assigned, ready or
 * not. After a restart or the loss of a node, calls therefore wait at the node, which starts called
 * functions first.
 */
final class Planner {

  private final PlacementSettings settings;
  private final Reconciler reconciler;

  Planner(PlacementSettings settings, Supplier<UUID> ids) {
    this.settings = settings;
    this.reconciler = new Reconciler(settings, ids);
  }

  /** Returns the decisions that follow from an event, in the order to carry them out. */
  List<Decision> decide(ClusterState state, Event event) {
    var plan = new Plan(state, event.at());
    switch (event) {
      case ArtifactStored stored -> accept(plan, stored);
      case NodeHeard heard -> hear(plan, heard);
      case GatewayHeard heard -> hear(plan, heard);
      case PlacementReady ready -> ready(plan, ready);
      case PlacementFailed failed -> failed(plan, failed);
      case Tick _ -> dropSilent(plan);
    }
    newestFirst(plan).forEach(key -> reconciler.reconcile(plan, key));
    return plan.decisions();
  }

  private static List<FunctionKey> newestFirst(Plan plan) {
    Comparator<FunctionKey> byAge =
        Comparator.comparing(key ->
            plan.function(key).revisions().stream()
                .map(Revision::addedAt)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH));
    return plan.functions().stream()
        .sorted(byAge.reversed().thenComparing(FunctionKey::toString))
        .toList();
  }

  /** Adds a revision, retired at once if a newer one already takes calls. */
  private static void accept(Plan plan, ArtifactStored stored) {
    var ref = stored.revision();
    var function = plan.function(ref.function());
    if (function.revision(ref.id()).isPresent()) {
      return;
    }
    var isOvertaken =
        function.routed().filter(routed -> routed.ref().number() > ref.number()).isPresent();
    var state = isOvertaken ? RevisionState.RETIRED : RevisionState.WARMING;
    plan.add(new Accept(ref, stored.artifact(), stored.settings(), state));
  }

  /** Compares the placements on a node with those that it should have. */
  private static void hear(Plan plan, NodeHeard heard) {
    var known = plan.nodes().get(heard.node().name());
    var isNewRun = known == null || !known.ref().equals(heard.node());
    if (known != null && isNewRun && heard.sentAt().isBefore(known.sentAt())) {
      return; // A late message of an earlier run.
    }
    plan.add(new NoteNode(heard.node(), heard.url(), heard.sentAt()));
    var strays = new HashSet<>(heard.placements());
    for (var key : newestFirst(plan)) {
      var function = plan.function(key);
      for (var placement : function.placements()) {
        if (placement.node().name().equals(heard.node().name())) {
          var isThere = strays.remove(placement.id());
          compare(plan, key, placement, heard, isThere);
        }
      }
      if (isNewRun) {
        forgetFailures(plan, function);
      }
    }
    strays.stream().sorted().forEach(id -> plan.add(new StopStray(id, heard.node())));
  }

  private static void compare(
      Plan plan, FunctionKey key, Placement placement, NodeHeard heard, boolean isThere) {
    if (!placement.node().equals(heard.node())) {
      plan.add(new Drop(key, placement.id()));
    } else if (!isThere && placement.state() == PlacementState.WITHDRAWN) {
      plan.add(new Drop(key, placement.id()));
    } else if (!isThere) {
      plan.function(key)
          .revision(placement.revision())
          .ifPresent(
              revision -> plan.add(new Repeat(revision.ref(), placement.id(), heard.node())));
    }
  }

  /** Ends the back-off of failed starts, because a node has just started. */
  private static void forgetFailures(Plan plan, Function function) {
    function.revisions().stream()
        .filter(revision -> revision.notBefore().filter(plan.at()::isBefore).isPresent())
        .forEach(revision -> plan.add(new Postpone(revision.ref(), plan.at())));
  }

  private static void hear(Plan plan, GatewayHeard heard) {
    var known = plan.gateways().get(heard.gateway().name());
    if (known != null
        && !known.ref().equals(heard.gateway())
        && heard.sentAt().isBefore(known.sentAt())) {
      return; // A late message of an earlier run.
    }
    plan.add(new NoteGateway(heard.gateway(), heard.sentAt(), heard.generations()));
  }

  private static void ready(Plan plan, PlacementReady event) {
    var ref = event.revision();
    var function = plan.function(ref.function());
    var isStarting =
        function
            .placement(event.placement())
            .filter(placement -> placement.state() == PlacementState.STARTING)
            .isPresent();
    if (!isStarting) {
      return;
    }
    plan.add(new MarkReady(ref, event.placement()));
    if (function
        .revision(ref.id())
        .filter(known -> known.state() == RevisionState.WARMING)
        .isPresent()) {
      plan.add(new Promote(ref));
      Reconciler.route(plan, ref.function(), event.timings());
      retireOlder(plan, ref.function(), ref.number());
    }
  }

  private static void retireOlder(Plan plan, FunctionKey key, int number) {
    var function = plan.function(key);
    for (var revision : function.revisions()) {
      if (revision.ref().number() < number && revision.state().needsPlacement()) {
        plan.add(new Retire(revision.ref(), revision.state()));
        for (var placement : function.usable(revision.ref().id())) {
          plan.add(new Withdraw(key, placement.id(), function.generation()));
        }
      }
    }
  }

  private void failed(Plan plan, PlacementFailed event) {
    var ref = event.revision();
    var function = plan.function(ref.function());
    var placement = function.placement(event.placement());
    if (placement.isEmpty()) {
      return;
    }
    plan.add(new Drop(ref.function(), event.placement()));
    if (placement.get().state() == PlacementState.WITHDRAWN) {
      return;
    }
    function
        .revision(ref.id())
        .ifPresent(revision -> {
          switch (revision.state()) {
            case WARMING -> plan.add(new Fail(ref, event.reason()));
            case ROUTED, LIVE ->
                plan.add(new Postpone(ref, plan.at().plus(settings.tryAgainAfter())));
            case FAILED, RETIRED -> {}
          }
        });
  }

  private void dropSilent(Plan plan) {
    var silent =
        plan.nodes().values().stream()
            .filter(node -> plan.silenceSince(node.seenAt()).compareTo(settings.deadAfter()) > 0)
            .map(node -> node.ref().name())
            .collect(Collectors.toSet());
    for (var key : newestFirst(plan)) {
      for (var placement : plan.function(key).placements()) {
        if (silent.contains(placement.node().name())) {
          plan.add(new Drop(key, placement.id()));
        }
      }
    }
  }
}
