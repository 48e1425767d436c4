package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.scheduler.placement.ClusterState.Function;
import dev.hearth.scheduler.placement.ClusterState.Placement;
import dev.hearth.scheduler.placement.ClusterState.Route;
import dev.hearth.scheduler.placement.Event.ArtifactStored;
import dev.hearth.scheduler.placement.Event.GatewayHeard;
import dev.hearth.scheduler.placement.Event.NodeHeard;
import dev.hearth.scheduler.placement.Event.PlacementFailed;
import dev.hearth.scheduler.placement.Event.PlacementReady;
import dev.hearth.scheduler.placement.Event.Tick;
import dev.hearth.testkit.SampleSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** A planner, the state that its decisions change, and short methods that send events. */
final class World {

  static final FunctionKey TEA = new FunctionKey("acme", "tea");
  static final RevisionRef FIRST = revision(TEA, 1);
  static final RevisionRef SECOND = revision(TEA, 2);
  static final NodeRef NODE = node("node-1", 1);
  static final NodeRef NODE_AGAIN = node("node-1", 2);
  static final GatewayRef GATEWAY = gateway("gateway-1", 1);
  static final Timings TIMINGS = Timings.none().with("warm", Duration.ofMillis(12));
  static final PlacementSettings SETTINGS =
      new PlacementSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));
  static final Digest ARTIFACT = Digest.ofHex("ab".repeat(32));
  static final RuntimeSettings RUN = SampleSettings.of(Convention.ASGI);

  private final AtomicLong ids = new AtomicLong(100);
  private final Planner planner = new Planner(SETTINGS, () -> new UUID(0, ids.incrementAndGet()));
  private ClusterState state = new ClusterState(Map.of(), Map.of(), Map.of(), Instant.EPOCH);
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");

  static RevisionRef revision(FunctionKey function, int number) {
    return new RevisionRef(new UUID(function.hashCode(), number), function, number);
  }

  static NodeRef node(String name, int run) {
    return new NodeRef(name, new UUID(1, run));
  }

  static GatewayRef gateway(String name, int run) {
    return new GatewayRef(name, new UUID(2, run));
  }

  List<Decision> decide(Event event) {
    var decisions = planner.decide(state, event);
    var plan = new Plan(state, event.at());
    decisions.forEach(plan::add);
    state = plan.state();
    return decisions;
  }

  void passes(Duration time) {
    now = now.plus(time);
  }

  void listensOnlyNow() {
    state = new ClusterState(state.nodes(), state.gateways(), state.functions(), now);
  }

  List<Decision> stored(RevisionRef revision) {
    return decide(new ArtifactStored(now, revision, ARTIFACT, RUN));
  }

  /** Sends the heartbeat of a node that has all its placements. */
  List<Decision> hears(NodeRef node) {
    var has =
        state.functions().values().stream()
            .flatMap(function -> function.placements().stream())
            .filter(placement -> placement.node().equals(node))
            .map(Placement::id)
            .collect(java.util.stream.Collectors.toSet());
    return hears(node, has);
  }

  List<Decision> hears(NodeRef node, Set<UUID> placements) {
    return decide(new NodeHeard(now, node, now, url(node), placements));
  }

  static URI url(NodeRef node) {
    return URI.create("http://" + node.name() + ":" + node.run().getLeastSignificantBits());
  }

  List<Decision> hears(GatewayRef gateway, long generation) {
    Map<FunctionKey, Long> generations = generation == 0 ? Map.of() : Map.of(TEA, generation);
    return decide(new GatewayHeard(now, gateway, now, generations));
  }

  List<Decision> ready(RevisionRef revision) {
    return ready(revision, placement(revision).id());
  }

  List<Decision> ready(RevisionRef revision, UUID placement) {
    return decide(new PlacementReady(now, placement, revision, TIMINGS));
  }

  List<Decision> failed(RevisionRef revision, UUID placement) {
    return decide(new PlacementFailed(now, placement, revision, "Traceback"));
  }

  List<Decision> ticks() {
    return decide(new Tick(now));
  }

  /** Adds a revision that is live on a node, and one gateway that acknowledged its route. */
  World withLive(RevisionRef revision) {
    hears(NODE);
    hears(GATEWAY, 0);
    stored(revision);
    ready(revision);
    hears(GATEWAY, route().generation());
    return this;
  }

  Planner planner() {
    return planner;
  }

  ClusterState state() {
    return state;
  }

  Instant now() {
    return now;
  }

  Function tea() {
    return state.function(TEA);
  }

  Route route() {
    return tea().route().orElseThrow();
  }

  Placement placement(RevisionRef revision) {
    return tea().usable(revision.id()).getFirst();
  }

  RevisionState stateOf(RevisionRef revision) {
    return tea().revision(revision.id()).orElseThrow().state();
  }
}
