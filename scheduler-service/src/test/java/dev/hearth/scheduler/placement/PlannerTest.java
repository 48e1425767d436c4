package dev.hearth.scheduler.placement;

import static dev.hearth.scheduler.placement.World.FIRST;
import static dev.hearth.scheduler.placement.World.GATEWAY;
import static dev.hearth.scheduler.placement.World.NODE;
import static dev.hearth.scheduler.placement.World.NODE_AGAIN;
import static dev.hearth.scheduler.placement.World.SECOND;
import static dev.hearth.scheduler.placement.World.TEA;
import static dev.hearth.scheduler.placement.World.TIMINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.scheduler.placement.Decision.Accept;
import dev.hearth.scheduler.placement.Decision.Assign;
import dev.hearth.scheduler.placement.Decision.Drop;
import dev.hearth.scheduler.placement.Decision.Fail;
import dev.hearth.scheduler.placement.Decision.MarkReady;
import dev.hearth.scheduler.placement.Decision.NoteNode;
import dev.hearth.scheduler.placement.Decision.Promote;
import dev.hearth.scheduler.placement.Decision.PublishRoute;
import dev.hearth.scheduler.placement.Decision.Release;
import dev.hearth.scheduler.placement.Decision.Repeat;
import dev.hearth.scheduler.placement.Decision.Retire;
import dev.hearth.scheduler.placement.Decision.StopStray;
import dev.hearth.scheduler.placement.Decision.Withdraw;
import dev.hearth.scheduler.placement.Event.NodeHeard;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlannerTest {

  private final World world = new World();

  @Test
  void assignsANewRevisionToALiveNode() {
    world.hears(NODE);

    var decisions = world.stored(FIRST);

    assertThat(decisions)
        .containsExactly(
            new Accept(FIRST, World.ARTIFACT, World.RUN, RevisionState.WARMING),
            new Assign(FIRST, world.placement(FIRST).id(), NODE));
  }

  @Test
  void assignsARevisionOnceANodeLives() {
    assertThat(world.stored(FIRST)).hasOnlyElementsOfType(Accept.class);

    assertThat(world.hears(NODE)).hasAtLeastOneElementOfType(Assign.class);
  }

  @Test
  void takesAnArtifactOnlyOnce() {
    world.hears(NODE);
    world.stored(FIRST);

    assertThat(world.stored(FIRST)).isEmpty();
  }

  @Test
  void retiresARevisionThatComesAfterANewerOneTookCalls() {
    world.withLive(SECOND);

    assertThat(world.stored(FIRST))
        .containsExactly(new Accept(FIRST, World.ARTIFACT, World.RUN, RevisionState.RETIRED));
  }

  @Test
  void publishesARouteWhenThePlacementIsReadyAndReleasesWhenGatewaysHaveIt() {
    world.hears(NODE);
    world.hears(GATEWAY, 0);
    world.stored(FIRST);
    var placement = world.placement(FIRST).id();

    assertThat(world.ready(FIRST))
        .containsExactly(
            new MarkReady(FIRST, placement),
            new Promote(FIRST),
            new PublishRoute(FIRST, 1, List.of(new Target(placement, World.url(NODE))), TIMINGS));
    assertThat(world.stateOf(FIRST)).isEqualTo(RevisionState.ROUTED);

    assertThat(world.hears(GATEWAY, 1)).contains(new Release(FIRST, TIMINGS));
    assertThat(world.stateOf(FIRST)).isEqualTo(RevisionState.LIVE);
  }

  @Test
  void releasesAtOnceWhereThereIsNoGateway() {
    world.hears(NODE);
    world.stored(FIRST);

    assertThat(world.ready(FIRST)).contains(new Release(FIRST, TIMINGS));
  }

  @Test
  void withdrawsTheOlderRevisionWithTheGenerationThatReplacesIt() {
    world.withLive(FIRST);
    var old = world.placement(FIRST).id();
    world.stored(SECOND);

    var decisions = world.ready(SECOND);

    assertThat(decisions)
        .containsSubsequence(new Retire(FIRST, RevisionState.LIVE), new Withdraw(TEA, old, 2));
    assertThat(world.tea().placement(old)).isPresent();
  }

  @Test
  void keepsAPlacementThatStartsOutOfTheRouteWhileItsRevisionWarms() {
    world.withLive(FIRST);

    assertThat(world.stored(SECOND)).noneMatch(PublishRoute.class::isInstance);
    assertThat(world.route().revision()).isEqualTo(FIRST.id());
  }

  @Test
  void ignoresThatAPlacementIsReadyAfterItsRevisionWasRetired() {
    world.withLive(FIRST);
    var third = World.revision(TEA, 3);
    world.stored(SECOND);
    var late = world.placement(SECOND).id();
    world.stored(third);
    world.ready(third);

    assertThat(world.ready(SECOND, late)).isEmpty();
    assertThat(world.route().revision()).isEqualTo(third.id());
  }

  @Test
  void ignoresThatAPlacementFailsAfterItWasReplaced() {
    world.withLive(FIRST);
    var old = world.placement(FIRST).id();
    world.stored(SECOND);
    world.ready(SECOND);

    assertThat(world.failed(FIRST, old)).containsExactly(new Drop(TEA, old));
    assertThat(world.failed(FIRST, old)).isEmpty();
  }

  @Test
  void ignoresASecondReport() {
    world.withLive(FIRST);

    assertThat(world.ready(FIRST)).isEmpty();
  }

  @Test
  void failsARevisionThatNeverTookCalls() {
    world.hears(NODE);
    world.stored(FIRST);
    var placement = world.placement(FIRST).id();

    assertThat(world.failed(FIRST, placement))
        .containsExactly(new Drop(TEA, placement), new Fail(FIRST, "Traceback"));
    assertThat(world.hears(NODE)).hasOnlyElementsOfType(NoteNode.class);
  }

  @Test
  void triesARevisionThatTookCallsAgainAfterAPause() {
    world.withLive(FIRST);

    world.failed(FIRST, world.placement(FIRST).id());

    assertThat(world.route().targets()).isEmpty();
    world.passes(Duration.ofSeconds(29));
    assertThat(world.hears(NODE)).noneMatch(Assign.class::isInstance);
    world.passes(Duration.ofSeconds(1));
    assertThat(world.hears(NODE)).hasAtLeastOneElementOfType(Assign.class);
    assertThat(world.stateOf(FIRST)).isEqualTo(RevisionState.LIVE);
  }

  @Test
  void routesALiveRevisionToARestartedNodeAtOnce() {
    world.withLive(FIRST);
    var lost = world.placement(FIRST).id();

    var decisions = world.hears(NODE_AGAIN, Set.of());

    var placement = world.placement(FIRST);
    assertThat(decisions)
        .containsSubsequence(
            new Drop(TEA, lost),
            new Assign(FIRST, placement.id(), NODE_AGAIN),
            new PublishRoute(
                FIRST, 2, List.of(new Target(placement.id(), World.url(NODE_AGAIN))), TIMINGS));
    assertThat(placement.state()).isEqualTo(PlacementState.STARTING);
    assertThat(world.ready(FIRST)).containsExactly(new MarkReady(FIRST, placement.id()));
  }

  @Test
  void startsNewestFunctionsFirstAfterARestart() {
    world.hears(NODE);
    var functions = List.of("oldest", "older", "newest");
    for (var name : functions) {
      world.passes(Duration.ofSeconds(1));
      var revision = World.revision(new FunctionKey("acme", name), 1);
      world.stored(revision);
    }

    var started =
        world.hears(NODE_AGAIN, Set.of()).stream()
            .filter(Assign.class::isInstance)
            .map(decision -> ((Assign) decision).revision().function().function());

    assertThat(started).containsExactly("newest", "older", "oldest");
  }

  @Test
  void startsWhatFailedOnAnEarlierRunOfANodeAtOnce() {
    world.withLive(FIRST);
    world.failed(FIRST, world.placement(FIRST).id());

    assertThat(world.hears(NODE_AGAIN, Set.of())).hasAtLeastOneElementOfType(Assign.class);
  }

  @Test
  void ignoresALateHeartbeatOfAnEarlierRun() {
    world.withLive(FIRST);
    var late = new NodeHeard(world.now(), NODE, world.now(), World.url(NODE), Set.of());
    world.passes(Duration.ofSeconds(5));
    world.hears(NODE_AGAIN, Set.of());

    assertThat(world.decide(late)).isEmpty();
    assertThat(world.placement(FIRST).node()).isEqualTo(NODE_AGAIN);
  }

  @Test
  void repeatsACommandThatANodeMissed() {
    world.withLive(FIRST);

    assertThat(world.hears(NODE, Set.of()))
        .contains(new Repeat(FIRST, world.placement(FIRST).id(), NODE));
  }

  @Test
  void stopsWhatANodeShouldNotHave() {
    world.withLive(FIRST);
    var stray = new UUID(9, 9);

    assertThat(world.hears(NODE, Set.of(stray, world.placement(FIRST).id())))
        .contains(new StopStray(stray, NODE));
  }

  @Test
  void movesARevisionFromASilentNodeToALiveOne() {
    world.withLive(FIRST);
    var other = World.node("node-2", 1);
    world.passes(Duration.ofSeconds(16));
    world.hears(other, Set.of());

    world.ticks();

    assertThat(world.placement(FIRST).node()).isEqualTo(other);
    assertThat(world.route().targets())
        .containsExactly(new Target(world.placement(FIRST).id(), World.url(other)));
  }

  @Test
  void countsTheSilenceOfNodesOnlyWhileItListens() {
    world.withLive(FIRST);
    world.passes(Duration.ofMinutes(10));
    world.listensOnlyNow();

    assertThat(world.ticks()).isEmpty();

    world.passes(Duration.ofSeconds(16));
    assertThat(world.ticks()).hasAtLeastOneElementOfType(Drop.class);
  }
}
