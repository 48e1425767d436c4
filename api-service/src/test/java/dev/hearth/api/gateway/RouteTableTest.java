package dev.hearth.api.gateway;

import static dev.hearth.api.gateway.GatewayFixtures.FUNCTION;
import static dev.hearth.api.gateway.GatewayFixtures.route;
import static dev.hearth.api.gateway.GatewayFixtures.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final RouteTable table = new RouteTable();

  @Test
  void knowsNothingOfFunctionsWithoutARoute() throws Exception {
    assertThat(table.find(FUNCTION)).isEmpty();
    assertThat(table.awaitTarget(new FunctionKey("acme", "none"), Set.of(), LONG)).isEmpty();
  }

  @Test
  void neverReplacesANewerRevisionByAnOlderOne() {
    var newer = route(2, target(1));

    table.put(newer);
    table.put(route(1, target(2)));

    assertThat(table.find(FUNCTION)).contains(newer);
  }

  @Test
  void returnsARouteWithATargetAtOnce() throws Exception {
    var route = route(1, target(1));
    table.put(route);

    assertThat(table.awaitTarget(FUNCTION, Set.of(), Duration.ZERO)).contains(route);
  }

  @Test
  void returnsNothingWhenThePatienceEnds() throws Exception {
    table.put(route(1));

    assertThat(table.awaitTarget(FUNCTION, Set.of(), Duration.ofMillis(20))).isEmpty();
  }

  @Test
  void wakesEveryCallThatWaitsForATarget() {
    table.put(route(1));
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          IntStream.range(0, 100)
              .mapToObj(_ ->
                  CompletableFuture.supplyAsync(() -> awaitTarget(Set.of()).isPresent(), calls))
              .toList();

      table.put(route(1, target(1)));

      assertThat(waiting).allMatch(CompletableFuture::join);
    }
  }

  @Test
  void waitsForATargetThatWasNotTried() {
    var tried = target(1);
    table.put(route(1, tried));
    try (var calls = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          CompletableFuture.supplyAsync(() -> awaitTarget(Set.of(tried.placement())), calls);
      table.put(route(1, tried));
      var other = route(2, tried, target(2));

      table.put(other);

      assertThat(waiting.join()).contains(other);
    }
  }

  @Test
  void endsTheWaitOfAnInterruptedCall() throws Exception {
    table.put(route(1));
    var ended = new CompletableFuture<Boolean>();
    var call =
        Thread.ofVirtual()
            .start(() -> {
              try {
                ended.complete(table.awaitTarget(FUNCTION, Set.of(), LONG).isPresent());
              } catch (InterruptedException _) {
                ended.complete(true);
              }
            });
    await().until(() -> call.getState() == Thread.State.TIMED_WAITING);

    call.interrupt();

    assertThat(ended.join()).isTrue();
  }

  private Optional<RoutePublished> awaitTarget(Set<UUID> tried) {
    try {
      return table.awaitTarget(FUNCTION, tried, LONG);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
