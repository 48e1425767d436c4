package dev.hearth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.GatewayEvent.GatewayHeartbeat;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.HearthEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class RouteAcknowledgementsTest {

  private static final FunctionKey TEA = new FunctionKey("acme", "tea");
  private static final GatewayRef GATEWAY = new GatewayRef("gateway-1", new UUID(0, 1));
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private final List<HearthEvent> sent = new CopyOnWriteArrayList<>();

  private RouteAcknowledgements acknowledgements(Consumer<HearthEvent> publisher) {
    return new RouteAcknowledgements(GATEWAY, publisher, () -> NOW);
  }

  private static GatewayHeartbeat beat(Map<String, Long> generations) {
    return new GatewayHeartbeat(GATEWAY, NOW, generations);
  }

  @Test
  void tellsOfARouteOnceAndByItsNewestGeneration() {
    var acknowledgements = acknowledgements(sent::add);
    acknowledgements.acknowledge(TEA, 2);
    acknowledgements.acknowledge(TEA, 1);

    acknowledgements.beat();
    acknowledgements.beat();

    assertThat(sent).containsExactly(beat(Map.of("acme/tea", 2L)), beat(Map.of()));
  }

  @Test
  void tellsAgainWhatTheBrokerDidNotTake() {
    var acknowledgements =
        acknowledgements(event -> {
          sent.add(event);
          if (sent.size() == 1) {
            throw new IllegalStateException("no broker");
          }
        });
    acknowledgements.acknowledge(TEA, 2);

    assertThat(acknowledgements.beat()).isFalse();
    assertThat(acknowledgements.beat()).isTrue();

    assertThat(sent.getLast()).isEqualTo(beat(Map.of("acme/tea", 2L)));
  }

  @Test
  void livesOnWithoutRoutesAndTellsOfThemAtOnce() {
    var acknowledgements = acknowledgements(sent::add);
    acknowledgements.start();
    try {
      await().until(() -> sent.size() > 1);
      acknowledgements.acknowledge(TEA, 1);
      await().until(() -> sent.contains(beat(Map.of("acme/tea", 1L))));
    } finally {
      acknowledgements.stop();
    }

    assertThat(acknowledgements.isRunning()).isFalse();
  }
}
