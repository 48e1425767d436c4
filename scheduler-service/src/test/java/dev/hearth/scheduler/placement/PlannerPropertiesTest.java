package dev.hearth.scheduler.placement;

import static dev.hearth.scheduler.placement.World.TEA;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.scheduler.placement.ClusterState.Placement;
import dev.hearth.scheduler.placement.ClusterState.Route;
import dev.hearth.scheduler.placement.Decision.PublishRoute;
import dev.hearth.scheduler.placement.Decision.Stop;
import dev.hearth.scheduler.placement.Event.ArtifactStored;
import dev.hearth.scheduler.placement.Event.GatewayHeard;
import dev.hearth.scheduler.placement.Event.NodeHeard;
import dev.hearth.scheduler.placement.Event.PlacementFailed;
import dev.hearth.scheduler.placement.Event.PlacementReady;
import dev.hearth.scheduler.placement.Event.Tick;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks invariants of the planner under random events in any order, some of them repeated. */
class PlannerPropertiesTest {

  private static final List<FunctionKey> FUNCTIONS = List.of(TEA, new FunctionKey("acme", "milk"));
  private static final int STEPS = 150;

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void keepsItsPromises(int seed) {
    var random = new Random(seed);
    var world = new World();
    var past = new ArrayList<Event>();
    for (int step = 0; step < STEPS; step++) {
      world.passes(Duration.ofMillis(random.nextInt(2_000)));
      var isRepeated = !past.isEmpty() && random.nextInt(5) == 0;
      var event =
          isRepeated ? again(past.get(random.nextInt(past.size())), world) : next(random, world);
      past.add(event);
      var before = world.state();

      var decisions = world.decide(event);

      checkStops(before, event, decisions);
      checkRoutes(before, decisions);
      checkState(world.state());
    }
    settles(world);
  }

  /** Returns the event as it is handled when its message is delivered once more. */
  private static Event again(Event event, World world) {
    var now = world.now();
    return switch (event) {
      case ArtifactStored(_, var ref, var artifact, var settings) ->
          new ArtifactStored(now, ref, artifact, settings);
      case NodeHeard(_, var node, var sent, var url, var placements) ->
          new NodeHeard(now, node, sent, url, placements);
      case GatewayHeard(_, var gateway, var sent, var generations) ->
          new GatewayHeard(now, gateway, sent, generations);
      case PlacementReady(_, var id, var ref, var timings) ->
          new PlacementReady(now, id, ref, timings);
      case PlacementFailed(_, var id, var ref, var reason) ->
          new PlacementFailed(now, id, ref, reason);
      case Tick _ -> new Tick(now);
    };
  }

  private static Event next(Random random, World world) {
    var now = world.now();
    var key = FUNCTIONS.get(random.nextInt(FUNCTIONS.size()));
    var ref = World.revision(key, 1 + random.nextInt(4));
    var node = World.node("node-" + random.nextInt(2), now.getEpochSecond() / 60 % 2 == 0 ? 1 : 2);
    return switch (random.nextInt(8)) {
      case 0 -> new ArtifactStored(now, ref, World.ARTIFACT, World.RUN);
      case 1, 2 -> new NodeHeard(now, node, now, World.url(node), has(random, world));
      case 3, 4 -> {
        var gateway = World.gateway("gateway-" + random.nextInt(2), random.nextInt(10) / 9);
        var generation = world.state().function(key).generation() - random.nextInt(2);
        yield new GatewayHeard(now, gateway, now, Map.of(key, Math.max(0, generation)));
      }
      case 5 -> new PlacementReady(now, placement(random, world, ref), ref, World.TIMINGS);
      case 6 ->
          random.nextInt(3) == 0
              ? new PlacementFailed(now, placement(random, world, ref), ref, "Traceback")
              : new PlacementReady(now, placement(random, world, ref), ref, World.TIMINGS);
      default -> new Tick(now);
    };
  }

  private static Set<UUID> has(Random random, World world) {
    var ids = new HashSet<UUID>();
    for (var function : world.state().functions().values()) {
      for (var placement : function.placements()) {
        if (random.nextInt(4) > 0) {
          ids.add(placement.id());
        }
      }
    }
    return ids;
  }

  private static UUID placement(Random random, World world, RevisionRef ref) {
    var known =
        world.state().function(ref.function()).placements().stream()
            .filter(placement -> placement.revision().equals(ref.id()))
            .map(Placement::id)
            .toList();
    return known.isEmpty() ? new UUID(7, 7) : known.get(random.nextInt(known.size()));
  }

  private static void checkStops(ClusterState before, Event event, List<Decision> decisions) {
    var after = new Plan(before, event.at());
    for (var decision : decisions) {
      if (decision instanceof Stop(var key, var id, _)) {
        var generation = after.function(key).placement(id).orElseThrow().generation();
        assertThat(after.gateways().values())
            .filteredOn(gateway ->
                after.silenceSince(gateway.seenAt()).compareTo(World.SETTINGS.gatewayLease()) <= 0)
            .allMatch(gateway -> gateway.hasAcknowledged(key, generation));
      }
      after.add(decision);
    }
  }

  private static void checkRoutes(ClusterState before, List<Decision> decisions) {
    for (var key : FUNCTIONS) {
      var generation = before.function(key).generation();
      for (var decision : decisions) {
        if (decision instanceof PublishRoute route && route.revision().function().equals(key)) {
          assertThat(route.generation()).isEqualTo(++generation);
        }
      }
    }
  }

  private static void checkState(ClusterState state) {
    for (var function : state.functions().values()) {
      for (var revision : function.revisions()) {
        assertThat(function.usable(revision.ref().id())).hasSizeLessThanOrEqualTo(1);
      }
      var routed = function.routed();
      assertThat(function.route().map(Route::revision))
          .isEqualTo(routed.map(revision -> revision.ref().id()));
      function
          .route()
          .ifPresent(route ->
              assertThat(route.targets())
                  .allSatisfy(target ->
                      assertThat(function.usable(route.revision()))
                          .anyMatch(placement -> placement.id().equals(target.placement()))));
    }
  }

  /** Checks that, once all nodes and gateways answer, the newest started revision is live. */
  private static void settles(World world) {
    world.passes(Duration.ofMinutes(5));
    world.ticks();
    var node = World.node("node-0", 9);
    world.hears(node, Set.of());
    for (var key : FUNCTIONS) {
      for (var revision : List.copyOf(world.state().function(key).revisions())) {
        for (var placement : world.state().function(key).usable(revision.ref().id())) {
          world.ready(revision.ref(), placement.id());
        }
      }
    }
    world.ticks();
    for (var key : FUNCTIONS) {
      var function = world.state().function(key);
      assertThat(function.placements())
          .noneMatch(placement -> placement.state() == PlacementState.WITHDRAWN);
      assertThat(function.revisions())
          .filteredOn(revision -> revision.state().needsPlacement())
          .hasSizeLessThanOrEqualTo(1)
          .allMatch(revision -> revision.state() == RevisionState.LIVE);
    }
  }
}
