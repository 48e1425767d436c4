package dev.hearth.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends calls that reach their limit, as gently as works: their code is cancelled where it waits,
 * else the instance is closed, else the process ends. Work after an answer has the same limit once
 * more.
 */
final class Watchdog {

  private static final Duration GRACE = Duration.ofMillis(300);

  /** The part of the heap that a host may need after it had to close an instance. */
  private static final double FULL = 0.95;

  /** For the answers of the other calls, of which most may be made again. */
  private static final Duration OTHERS = Duration.ofMillis(200);

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
    again(instance, code, exchange, code.timeout());
  }

  private void again(String instance, Instance code, Exchange exchange, Duration limit) {
    var look =
        timer.schedule(
            () -> Thread.ofVirtual().name("limit").start(() -> look(instance, code, exchange)),
            limit.toMillis(),
            TimeUnit.MILLISECONDS);
    exchange.ended().thenRun(() -> look.cancel(false));
  }

  private void look(String instance, Instance code, Exchange exchange) {
    var quiet = exchange.quietFor();
    var left = quiet == null ? Duration.ZERO : code.timeout().minusNanos(quiet);
    if (left.compareTo(GRACE) > 0) {
      again(instance, code, exchange, left);
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
      end(instance, exchange);
    }
  }

  /** Whether what was closed has given its memory back. */
  private static boolean isRoomy() {
    var runtime = Runtime.getRuntime();
    if (runtime.totalMemory() - runtime.freeMemory() > runtime.maxMemory() * FULL) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory() <= runtime.maxMemory() * FULL;
  }

  private void end(String instance, Exchange exchange) {
    exchange.ending(HearthHeaders.INSTANCE_ENDING);
    var ended = instances.stop(instance, exchange) && isRoomy();
    if (!ended) {
      exchange.ending(HearthHeaders.HOST_ENDING);
    }
    exchange.end();
    if (!ended) {
      exchange
          .sent()
          .completeOnTimeout(null, 1, TimeUnit.SECONDS)
          .thenRunAsync(
              Instances::halt,
              CompletableFuture.delayedExecutor(OTHERS.toMillis(), TimeUnit.MILLISECONDS));
    }
  }
}
