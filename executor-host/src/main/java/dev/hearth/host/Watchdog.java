package dev.hearth.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends calls that reach their limit, as gently as works: their code is cancelled where it waits,
 * else the instance is closed, else the process ends. Work after an answer has the same limit once
 * more.
 */
final class Watchdog {

  private static final Duration GRACE = Duration.ofMillis(300);

  private static final String LATE =
      "The call reached the function's limit. Make it faster, or raise timeout in [tool.hearth].";

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("limits").factory());
  private final Instances instances;

  Watchdog(Instances instances) {
    this.instances = instances;
  }

  /** Watches a call from now on. */
  void watch(String instance, Instance code, Exchange exchange) {
    var look = lookAfter(code.timeout(), instance, code, exchange);
    exchange.ended().thenRun(() -> look.cancel(false));
  }

  private Future<?> lookAfter(Duration limit, String instance, Instance code, Exchange exchange) {
    return timer.schedule(
        () -> Thread.ofVirtual().name("limit").start(() -> look(instance, code, exchange)),
        limit.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void look(String instance, Instance code, Exchange exchange) {
    if (exchange.ended().isDone()) {
      return;
    }
    var quiet = exchange.quietFor();
    var left = quiet == null ? Duration.ZERO : code.timeout().minusNanos(quiet);
    if (left.compareTo(GRACE) > 0) {
      lookAfter(left, instance, code, exchange);
      return;
    }
    exchange.condemn(ErrorCode.FUNCTION_TIMED_OUT, LATE);
    code.cancel(exchange);
    var ended =
        exchange
            .ended()
            .thenApply(_ -> true)
            .completeOnTimeout(false, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended.join()) {
      end(instance, code, exchange);
    }
  }

  private void end(String instance, Instance code, Exchange exchange) {
    // The others are told another reason.
    code.leave(exchange);
    var ended = instances.stop(instance);
    exchange.ending(ended ? HearthHeaders.INSTANCE_ENDING : HearthHeaders.HOST_ENDING);
    exchange.end();
    if (!ended) {
      exchange
          .sent()
          .completeOnTimeout(null, 1, TimeUnit.SECONDS)
          .thenRun(Instances::haltAfterAnswers);
    }
  }
}
