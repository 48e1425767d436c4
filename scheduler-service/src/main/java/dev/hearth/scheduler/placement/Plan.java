package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.scheduler.placement.ClusterState.Function;
import dev.hearth.scheduler.placement.ClusterState.Gateway;
import dev.hearth.scheduler.placement.ClusterState.Node;
import dev.hearth.scheduler.placement.ClusterState.Placement;
import dev.hearth.scheduler.placement.ClusterState.Revision;
import dev.hearth.scheduler.placement.ClusterState.Route;
import dev.hearth.scheduler.placement.Decision.Accept;
import dev.hearth.scheduler.placement.Decision.Assign;
import dev.hearth.scheduler.placement.Decision.Drop;
import dev.hearth.scheduler.placement.Decision.Fail;
import dev.hearth.scheduler.placement.Decision.MarkReady;
import dev.hearth.scheduler.placement.Decision.NoteGateway;
import dev.hearth.scheduler.placement.Decision.NoteNode;
import dev.hearth.scheduler.placement.Decision.Postpone;
import dev.hearth.scheduler.placement.Decision.Promote;
import dev.hearth.scheduler.placement.Decision.PublishRoute;
import dev.hearth.scheduler.placement.Decision.Release;
import dev.hearth.scheduler.placement.Decision.Repeat;
import dev.hearth.scheduler.placement.Decision.Retire;
import dev.hearth.scheduler.placement.Decision.Stop;
import dev.hearth.scheduler.placement.Decision.StopStray;
import dev.hearth.scheduler.placement.Decision.Withdraw;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Decisions in the order in which they were made, and the state after them, so that each decision
 * sees the ones before it. Used by one thread.
 */
final class Plan {

  private final Instant at;
  private final Instant listeningSince;
  private final Map<String, Node> nodes;
  private final Map<String, Gateway> gateways;
  private final Map<FunctionKey, Function> functions;
  private final List<Decision> decisions = new ArrayList<>();

  Plan(ClusterState state, Instant at) {
    this.at = at;
    this.listeningSince = state.listeningSince();
    this.nodes = new HashMap<>(state.nodes());
    this.gateways = new HashMap<>(state.gateways());
    this.functions = new HashMap<>(state.functions());
  }

  Instant at() {
    return at;
  }

  List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /** Returns the state after all decisions so far. */
  ClusterState state() {
    return new ClusterState(nodes, gateways, functions, listeningSince);
  }

  Map<String, Node> nodes() {
    return nodes;
  }

  Map<String, Gateway> gateways() {
    return gateways;
  }

  List<FunctionKey> functions() {
    return List.copyOf(functions.keySet());
  }

  Function function(FunctionKey key) {
    return functions.getOrDefault(key, Function.NONE);
  }

  /**
   * Returns the silence of a node or gateway, counted from the end of the last gap at the earliest.
   */
  Duration silenceSince(Instant seenAt) {
    return Duration.between(seenAt.isAfter(listeningSince) ? seenAt : listeningSince, at);
  }

  void add(Decision decision) {
    apply(decision);
    decisions.add(decision);
  }

  private void apply(Decision decision) {
    switch (decision) {
      case NoteNode(var ref, var url, var sentAt) ->
          nodes.put(ref.name(), new Node(ref, url, at, sentAt));
      case NoteGateway note -> gateways.merge(note.gateway().name(), gateway(note), Plan::merged);
      case Accept(var ref, _, _, var state) ->
          change(
              ref.function(),
              function ->
                  new Function(
                      added(function.revisions(), new Revision(ref, state, at, Optional.empty())),
                      function.placements(),
                      function.route()));
      case Assign(var ref, var id, var node) ->
          change(
              ref.function(),
              function ->
                  new Function(
                      function.revisions(),
                      added(
                          function.placements(),
                          new Placement(id, ref.id(), node, PlacementState.STARTING, 0)),
                      function.route()));
      case MarkReady(var ref, var id) -> {
        move(ref.function(), id, placement -> placement.in(PlacementState.READY, 0));
        update(ref.function(), ref.id(), revision -> revision.notBefore(Optional.empty()));
      }
      case Withdraw(var key, var id, var generation) ->
          move(key, id, placement -> placement.in(PlacementState.WITHDRAWN, generation));
      case Stop(var key, var id, _) -> remove(key, id);
      case Drop(var key, var id) -> remove(key, id);
      case PublishRoute(var ref, var generation, var targets, var timings) ->
          change(
              ref.function(),
              function ->
                  new Function(
                      function.revisions(),
                      function.placements(),
                      Optional.of(new Route(ref.id(), generation, targets, timings))));
      case Promote(var ref) ->
          update(ref.function(), ref.id(), revision -> revision.in(RevisionState.ROUTED));
      case Release(var ref, _) ->
          update(ref.function(), ref.id(), revision -> revision.in(RevisionState.LIVE));
      case Retire(var ref, _) ->
          update(ref.function(), ref.id(), revision -> revision.in(RevisionState.RETIRED));
      case Fail(var ref, _) ->
          update(ref.function(), ref.id(), revision -> revision.in(RevisionState.FAILED));
      case Postpone(var ref, var until) ->
          update(ref.function(), ref.id(), revision -> revision.notBefore(Optional.of(until)));
      case Repeat _, StopStray _ -> {}
    }
  }

  private Gateway gateway(NoteGateway note) {
    return new Gateway(note.gateway(), at, note.sentAt(), note.generations());
  }

  private static Gateway merged(Gateway known, Gateway heard) {
    if (!known.ref().equals(heard.ref())) {
      return heard;
    }
    var acknowledged = new HashMap<>(known.acknowledged());
    heard
        .acknowledged()
        .forEach((key, generation) -> acknowledged.merge(key, generation, Math::max));
    return new Gateway(heard.ref(), heard.seenAt(), heard.sentAt(), acknowledged);
  }

  private void change(FunctionKey key, UnaryOperator<Function> change) {
    functions.put(key, change.apply(function(key)));
  }

  private void update(FunctionKey key, UUID id, UnaryOperator<Revision> change) {
    change(
        key,
        function ->
            new Function(
                function.revisions().stream()
                    .map(revision ->
                        revision.ref().id().equals(id) ? change.apply(revision) : revision)
                    .toList(),
                function.placements(),
                function.route()));
  }

  private void move(FunctionKey key, UUID id, UnaryOperator<Placement> change) {
    change(
        key,
        function ->
            new Function(
                function.revisions(),
                function.placements().stream()
                    .map(placement ->
                        placement.id().equals(id) ? change.apply(placement) : placement)
                    .toList(),
                function.route()));
  }

  private void remove(FunctionKey key, UUID id) {
    change(
        key,
        function ->
            new Function(
                function.revisions(),
                function.placements().stream()
                    .filter(placement -> !placement.id().equals(id))
                    .toList(),
                function.route()));
  }

  private static <T> List<T> added(List<T> list, T element) {
    return Stream.concat(list.stream(), Stream.of(element)).toList();
  }
}
