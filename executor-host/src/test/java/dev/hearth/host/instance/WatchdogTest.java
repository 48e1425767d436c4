package dev.hearth.host.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.host.call.Exchange;
import dev.hearth.host.call.LocalCalls;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {

  private static final byte[] BODY = {'o', 'k'};

  private final List<String> events = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isStoppable = new AtomicBoolean(true);
  private final Watchdog watchdog = new Watchdog(this::stop, () -> events.add("halt"));
  private LocalCalls calls;

  @BeforeEach
  void start() throws Exception {
    calls = new LocalCalls();
  }

  @AfterEach
  void end() throws Exception {
    calls.close();
  }

  private boolean stop(String instance) {
    events.add("stop " + instance);
    return isStoppable.get();
  }

  /** An instance whose code reacts to a cancellation as the test says. */
  private record Code(Duration timeout, Consumer<Exchange> onCancel) implements Limited {
    @Override
    public void cancel(Exchange exchange, String invocation) {
      onCancel.accept(exchange);
    }

    @Override
    public void leave(Exchange exchange) {
      // No other code answers the call.
    }
  }

  private void watch(Exchange exchange, long milliseconds, Consumer<Exchange> onCancel) {
    exchange.taken();
    var code = new Code(Duration.ofMillis(milliseconds), onCancel);
    watchdog.watchLimited("instance", code, exchange, "invocation");
  }

  @Test
  void codeThatCanBeCancelledKeepsItsInstance() throws Exception {
    var call = calls.get();

    watch(call.exchange(), 1, Exchange::end);

    assertThat(call.answer()).contains(ErrorCode.FUNCTION_TIMED_OUT.code());
    assertThat(events).isEmpty();
  }

  @Test
  void codeThatGoesOnTakesItsInstanceWithIt() throws Exception {
    var call = calls.get();

    watch(call.exchange(), 1, _ -> {});

    assertThat(call.answer())
        .contains(ErrorCode.FUNCTION_TIMED_OUT.code(), HostProtocol.INSTANCE_ENDING);
    assertThat(events).containsExactly("stop instance");
  }

  @Test
  void anInstanceThatDoesNotStopTakesTheHostWithItOnceTheAnswerHasLeft() throws Exception {
    isStoppable.set(false);
    var call = calls.get();

    watch(call.exchange(), 1, _ -> {});

    assertThat(call.answer())
        .contains(ErrorCode.FUNCTION_TIMED_OUT.code(), HostProtocol.HOST_ENDING);
    await().until(() -> events.equals(List.of("stop instance", "halt")));
    assertThat(call.exchange().sent()).isCompleted();
  }

  @Test
  void workAfterAnAnswerHasTheLimitOnceMore() throws Exception {
    var call = calls.get();
    var cancelled = new CopyOnWriteArrayList<Exchange>();

    watch(
        call.exchange(),
        1,
        exchange -> {
          cancelled.add(exchange);
          exchange.end();
        });
    call.send(BODY);

    await().until(() -> cancelled.size() == 1);
    assertThat(call.answer()).endsWith("ok");
    assertThat(events).isEmpty();
  }

  @Test
  void aCallThatEndsAsTheLimitIsReachedHasOneAnswerAndKeepsItsInstance() throws Exception {
    for (int i = 0; i < 50; i++) {
      var call = calls.get();

      watch(call.exchange(), 1, Exchange::end);
      Thread.ofVirtual()
          .start(() -> {
            call.send(BODY);
            call.exchange().end();
          });

      assertThat(call.answer()).containsAnyOf("ok", ErrorCode.FUNCTION_TIMED_OUT.code());
      call.exchange().ended().join();
    }
    assertThat(events).isEmpty();
  }
}
