package dev.hearth.scheduler.placement;

import static dev.hearth.scheduler.placement.World.FIRST;
import static dev.hearth.scheduler.placement.World.GATEWAY;
import static dev.hearth.scheduler.placement.World.NODE;
import static dev.hearth.scheduler.placement.World.NODE_AGAIN;
import static dev.hearth.scheduler.placement.World.SECOND;
import static dev.hearth.scheduler.placement.World.TEA;
import static dev.hearth.scheduler.placement.World.TIMINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.scheduler.placement.Decision.Drop;
import dev.hearth.scheduler.placement.Decision.Release;
import dev.hearth.scheduler.placement.Decision.Stop;
import dev.hearth.scheduler.placement.Event.GatewayHeard;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what waits for gateways' acknowledgements: releases, and stops of replaced placements. */
class AcknowledgementTest {

  private static final GatewayRef OTHER = World.gateway("gateway-2", 1);

  private final World world = new World();
  private UUID old = new UUID(0, 0);

  @BeforeEach
  void replaceALiveRevision() {
    world.withLive(FIRST);
    world.hears(OTHER, 1);
    old = world.placement(FIRST).id();
    world.stored(SECOND);
    world.ready(SECOND);
  }

  @Test
  void waitsForEachGateway() {
    assertThat(world.hears(GATEWAY, 2)).noneMatch(Stop.class::isInstance);

    assertThat(world.hears(OTHER, 2))
        .contains(new Release(SECOND, TIMINGS), new Stop(TEA, old, NODE));
    assertThat(world.tea().placement(old)).isEmpty();
  }

  @Test
  void takesANewerGenerationForTheOneItWaitsFor() {
    world.hears(GATEWAY, 3);

    assertThat(world.hears(OTHER, 3)).contains(new Stop(TEA, old, NODE));
  }

  @Test
  void takesAnAcknowledgementTwice() {
    world.hears(GATEWAY, 2);
    world.hears(GATEWAY, 2);
    world.hears(OTHER, 2);

    assertThat(world.hears(OTHER, 2)).noneMatch(Stop.class::isInstance);
  }

  @Test
  void doesNotTakeAnOlderGenerationForTheOneItWaitsFor() {
    world.hears(GATEWAY, 2);
    world.hears(OTHER, 1);

    assertThat(world.ticks()).isEmpty();
  }

  @Test
  void waitsForAGatewayNoLongerThanItsLease() {
    world.hears(GATEWAY, 2);
    world.passes(Duration.ofSeconds(10));
    world.hears(GATEWAY, 0);
    world.hears(NODE);
    assertThat(world.ticks()).isEmpty();

    world.passes(Duration.ofMillis(1));

    assertThat(world.ticks()).contains(new Release(SECOND, TIMINGS), new Stop(TEA, old, NODE));
  }

  @Test
  void countsTheSilenceOfGatewaysOnlyWhileItListens() {
    world.hears(GATEWAY, 2);
    world.passes(Duration.ofMinutes(1));
    world.listensOnlyNow();

    assertThat(world.ticks()).noneMatch(Stop.class::isInstance);
  }

  @Test
  void doesNotCountWhatAnEarlierRunOfAGatewayAcknowledged() {
    world.hears(GATEWAY, 2);
    world.passes(Duration.ofSeconds(1));
    world.hears(World.gateway("gateway-1", 2), 0);

    assertThat(world.hears(OTHER, 2)).noneMatch(Stop.class::isInstance);
    assertThat(world.hears(World.gateway("gateway-1", 2), 2)).contains(new Stop(TEA, old, NODE));
  }

  @Test
  void ignoresALateHeartbeatOfAnEarlierRun() {
    var late = new GatewayHeard(world.now(), GATEWAY, world.now(), Map.of(TEA, 2L));
    world.passes(Duration.ofSeconds(1));
    world.hears(World.gateway("gateway-1", 2), 0);

    assertThat(world.decide(late)).isEmpty();
  }

  @Test
  void forgetsAWithdrawnPlacementWithTheRunOfItsNode() {
    assertThat(world.hears(NODE_AGAIN, Set.of())).contains(new Drop(TEA, old));
  }

  @Test
  void stopsAPlacementOnce() {
    world.hears(GATEWAY, 2);
    world.hears(OTHER, 2);

    assertThat(world.ticks()).isEmpty();
    assertThat(world.hears(NODE)).noneMatch(Stop.class::isInstance);
  }
}
