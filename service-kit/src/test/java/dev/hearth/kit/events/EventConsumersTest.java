package dev.hearth.kit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.events.GatewayEvent;
import dev.hearth.contracts.events.GatewayEvent.GatewayHeartbeat;
import dev.hearth.contracts.events.GatewayRef;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.EmptyResultDataAccessException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import tools.jackson.databind.json.JsonMapper;

class EventConsumersTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final GatewayHeartbeat BEAT =
      new GatewayHeartbeat(
          new GatewayRef("gateway-1", new UUID(0, 1)),
          Instant.parse("2026-01-02T03:04:05Z"),
          Map.of());

  private final EventCodec codec = new EventCodec(JsonMapper.shared(), "test");
  private final EventConsumers consumers =
      new EventConsumers(
          codec,
          RetryPolicy.builder()
              .maxRetries(3)
              .delay(Duration.ZERO)
              .predicate(Faults::isPassing)
              .build());
  private final List<GatewayEvent> handled = new ArrayList<>();

  private Message<byte[]> message(Optional<String> trace) {
    var envelope =
        new Envelope(
            new UUID(0, 2), EventTypes.of(BEAT), Optional.empty(), Optional.empty(), trace);
    return codec.message(envelope, BEAT.key(), codec.payload(BEAT));
  }

  private void deliver(Consumer<GatewayEvent> handler) {
    consumers.of(GatewayEvent.class, handler).accept(message(Optional.empty()));
  }

  private Consumer<GatewayEvent> failing(int times, RuntimeException failure) {
    return event -> {
      handled.add(event);
      if (handled.size() <= times) {
        throw failure;
      }
    };
  }

  @Test
  void passesAnEventToItsHandler() {
    deliver(handled::add);

    assertThat(handled).containsExactly(BEAT);
  }

  @Test
  void retriesWhileTheDatabaseIsUnavailable() {
    deliver(failing(3, new DataAccessResourceFailureException("connection refused")));

    assertThat(handled).hasSize(4);
  }

  @Test
  void givesUpWhenTheDatabaseStaysUnavailable() {
    var failure = new DataAccessResourceFailureException("connection refused");

    assertThatThrownBy(() -> deliver(failing(9, failure)))
        .hasMessage("gave up handling dev.hearth.GatewayHeartbeat.v1 gateway-1")
        .hasRootCause(failure);
    assertThat(handled).hasSize(4);
  }

  @Test
  void doesNotRetryPermanentFailures() {
    assertThatThrownBy(() -> deliver(failing(9, new DataIntegrityViolationException("null"))))
        .isInstanceOf(IllegalStateException.class);
    assertThat(handled).hasSize(1);
  }

  @Test
  void rejectsUnreadableMessages() {
    var message =
        MessageBuilder.withPayload("{}".getBytes(StandardCharsets.UTF_8))
            .setHeader("ce_type", "Unheard")
            .build();

    assertThatThrownBy(() -> consumers.of(GatewayEvent.class, handled::add).accept(message))
        .isInstanceOf(UnreadableEventException.class);
    assertThat(handled).isEmpty();
  }

  @Test
  void passesOnTheTraceOfAMessage() {
    var during = new ArrayList<String>();

    consumers
        .of(GatewayEvent.class, _ -> Trace.current().ifPresent(during::add))
        .accept(message(Optional.of(TRACEPARENT)));

    assertThat(during).containsExactly(TRACEPARENT);
    assertThat(Trace.current()).isEmpty();
  }

  static List<Arguments> failures() {
    return List.of(
        Arguments.of(new DataAccessResourceFailureException("57P01"), true),
        Arguments.of(new QueryTimeoutException("slow"), true),
        Arguments.of(new DataAccessException("uncategorized") {}, true),
        Arguments.of(new IllegalStateException("the object store does not answer"), true),
        Arguments.of(new HearthException(ErrorCode.INTERNAL, "away"), true),
        Arguments.of(new HearthException(ErrorCode.NO_INSTANCE, "full"), true),
        Arguments.of(new HearthException(ErrorCode.REQUEST_INVALID, "wrong"), false),
        Arguments.of(new HearthException(ErrorCode.START_FAILED, "raised"), false),
        Arguments.of(new DataIntegrityViolationException("null"), false),
        Arguments.of(new EmptyResultDataAccessException(1), false),
        Arguments.of(new NullPointerException(), false),
        Arguments.of(new IllegalArgumentException("not a tenant name"), false));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void distinguishesTransientFailures(RuntimeException failure, boolean passes) {
    assertThat(Faults.isPassing(failure)).isEqualTo(passes);
  }
}
