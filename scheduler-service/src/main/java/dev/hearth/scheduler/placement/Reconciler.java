package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.scheduler.placement.ClusterState.Gateway;
import dev.hearth.scheduler.placement.ClusterState.Node;
import dev.hearth.scheduler.placement.ClusterState.Placement;
import dev.hearth.scheduler.placement.ClusterState.Revision;
import dev.hearth.scheduler.placement.Decision.Assign;
import dev.hearth.scheduler.placement.Decision.PublishRoute;
import dev.hearth.scheduler.placement.Decision.Release;
import dev.hearth.scheduler.placement.Decision.Stop;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings a function to its wanted state: each revision that needs a placement has one, and the
 * newest route names the placements of the newest revision that takes calls. Releases and stops
 * follow when gateways have acknowledged the route.
 */
final class Reconciler {

  private final PlacementSettings settings;
  private final Supplier<UUID> ids;

  Reconciler(PlacementSettings settings, Supplier<UUID> ids) {
    this.settings = settings;
    this.ids = ids;
  }

  void reconcile(Plan plan, FunctionKey key) {
    plan.function(key).revisions().stream()
        .filter(revision -> revision.state().needsPlacement())
        .sorted(Comparator.comparing(revision -> !revision.state().takesCalls()))
        .forEach(revision -> assign(plan, revision));
    route(plan, key, Timings.none());
    release(plan, key);
    stopWithdrawn(plan, key);
  }

  private void assign(Plan plan, Revision revision) {
    var key = revision.ref().function();
    var isWaiting = revision.notBefore().filter(plan.at()::isBefore).isPresent();
    if (isWaiting || !plan.function(key).usable(revision.ref().id()).isEmpty()) {
      return;
    }
    Set<String> live =
        plan.nodes().values().stream()
            .filter(node ->
                Duration.between(node.seenAt(), plan.at()).compareTo(settings.liveWithin()) <= 0)
            .map(node -> node.ref().name())
            .collect(Collectors.toSet());
    Rendezvous.choose(key.toString(), live)
        .map(plan.nodes()::get)
        .map(Node::ref)
        .ifPresent(node -> plan.add(new Assign(revision.ref(), ids.get(), node)));
  }

  /** Publishes a new route if the newest one names other placements. */
  static void route(Plan plan, FunctionKey key, Timings timings) {
    var function = plan.function(key);
    var routed = function.routed();
    if (routed.isEmpty()) {
      return;
    }
    var ref = routed.get().ref();
    var targets =
        function.usable(ref.id()).stream()
            .map(placement -> new Target(placement.id(), url(plan, placement)))
            .toList();
    var same = function.route().filter(route -> route.revision().equals(ref.id()));
    if (same.isEmpty() || !Set.copyOf(same.get().targets()).equals(Set.copyOf(targets))) {
      var told = same.isPresent() ? same.get().timings() : timings;
      plan.add(new PublishRoute(ref, function.generation() + 1, targets, told));
    }
  }

  private static URI url(Plan plan, Placement placement) {
    var node = plan.nodes().get(placement.node().name());
    if (node == null) {
      throw new IllegalStateException(
          "placement " + placement.id() + " is on an unknown node: " + placement.node().name());
    }
    return node.url();
  }

  private void release(Plan plan, FunctionKey key) {
    var function = plan.function(key);
    var route = function.route();
    var waits = function.routed().filter(revision -> revision.state() == RevisionState.ROUTED);
    if (waits.isEmpty() || route.isEmpty() || route.get().targets().isEmpty()) {
      return;
    }
    if (isAcknowledged(plan, key, route.get().generation())) {
      plan.add(new Release(waits.get().ref(), route.get().timings()));
    }
  }

  private void stopWithdrawn(Plan plan, FunctionKey key) {
    for (var placement : plan.function(key).placements()) {
      if (placement.state() == PlacementState.WITHDRAWN
          && isAcknowledged(plan, key, placement.generation())) {
        plan.add(new Stop(key, placement.id(), placement.node()));
      }
    }
  }

  /** Returns true if every gateway with a running lease has acknowledged the generation. */
  private boolean isAcknowledged(Plan plan, FunctionKey key, long generation) {
    return plan.gateways().values().stream()
        .filter(gateway -> isLeased(plan, gateway))
        .allMatch(gateway -> gateway.hasAcknowledged(key, generation));
  }

  private boolean isLeased(Plan plan, Gateway gateway) {
    return plan.silenceSince(gateway.seenAt()).compareTo(settings.gatewayLease()) <= 0;
  }
}
