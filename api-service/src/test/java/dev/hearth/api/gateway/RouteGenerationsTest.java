package dev.hearth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteGenerationsTest {

  private static final FunctionKey TEA = new FunctionKey("acme", "tea");
  private static final Target TARGET = new Target(new UUID(0, 1), URI.create("http://node:8084"));

  private final RouteTable table = new RouteTable();

  private static RoutePublished route(int revision, long generation, Target... targets) {
    return new RoutePublished(
        new RevisionRef(new UUID(0, revision), TEA, revision),
        Instant.parse("2026-01-02T03:04:05Z"),
        List.of(targets),
        Convention.ASGI,
        Duration.ofSeconds(30),
        Timings.none(),
        generation);
  }

  @ParameterizedTest
  @CsvSource({
    // Known revision and generation, then new ones, then true if the new route wins.
    "1, 1, 2, 2, true",
    "1, 2, 2, 1, false",
    "2, 1, 1, 2, true", // A rollback.
    "1, 3, 1, 3, true", // Delivered twice.
    "1, 0, 2, 0, true", // Both by an earlier version.
    "2, 0, 1, 0, false",
    "1, 0, 1, 1, true",
    "1, 5, 9, 0, false"
  })
  void neverReplacesANewerGeneration(
      int knownRevision, long known, int newRevision, long generation, boolean counts) {
    table.put(route(knownRevision, known));
    var newer = route(newRevision, generation, TARGET);

    table.put(newer);

    assertThat(table.find(TEA).equals(Optional.of(newer))).isEqualTo(counts);
  }

  @Test
  void keepsTheNewestGenerationThoughRoutesRace() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      LongStream.rangeClosed(1, 200)
          .forEach(generation -> threads.execute(() -> table.put(route(1, generation))));
    }

    assertThat(table.find(TEA)).map(RoutePublished::generation).contains(200L);
  }
}
