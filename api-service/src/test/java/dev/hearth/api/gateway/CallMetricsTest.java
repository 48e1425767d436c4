package dev.hearth.api.gateway;

import static dev.hearth.api.gateway.GatewayFixtures.FUNCTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthHeaders;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.junit.jupiter.api.Test;

class CallMetricsTest {

  private final CallMetrics metrics =
      new CallMetrics(new SimpleMeterRegistry(), InstantSource.fixed(Instant.EPOCH));

  private void count(String answer, HttpFields headers) {
    metrics.count(FUNCTION, answer, System.nanoTime(), headers);
  }

  private static HttpFields start(String start, String... timings) {
    var headers = HttpFields.build().put(HearthHeaders.START, start);
    List.of(timings).forEach(timing -> headers.add("Server-Timing", timing));
    return headers;
  }

  @Test
  void countsAnswersByTheirClass() {
    count("2xx", start("warm"));
    count("2xx", start("warm"));
    count("broken", HttpFields.EMPTY);

    var counted = metrics.of(FUNCTION);

    assertThat(counted.calls()).isEqualTo(3);
    assertThat(counted.answers()).isEqualTo(Map.of("2xx", 2L, "broken", 1L));
    assertThat(counted.since()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void tellsStartsApartAndHowLongCallsWaitedForThem() {
    count("2xx", start("warm", "queue;dur=1.0, start;dur=0.0"));
    count("2xx", start("cold", "queue;dur=1.0, start;dur=1500.5", "gateway;dur=0.1"));
    count("5xx", HttpFields.EMPTY);

    var starts = metrics.of(FUNCTION).starts();

    assertThat(starts).containsOnlyKeys("warm", "cold", "none");
    assertThat(starts.get("cold").waited().max()).isCloseTo(1500.5, within(1.0));
    assertThat(starts.get("warm").waited().max()).isZero();
  }

  @Test
  void believesTheNodeAndNotTheFunction() {
    count("2xx", start("cold", "start;dur=99999", "queue;dur=0.0, start;dur=2.0"));

    assertThat(metrics.of(FUNCTION).starts().get("cold").waited().max())
        .isCloseTo(2.0, within(0.1));
  }

  @Test
  void knowsNothingOfAFunctionThatWasNotCalled() {
    var counted = metrics.of(new FunctionKey("acme", "none"));

    assertThat(counted.calls()).isZero();
    assertThat(counted.starts()).isEmpty();
  }
}
