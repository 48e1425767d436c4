package dev.hearth.host.instance;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.host.call.Exchange;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.io.CyclicTimeouts;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends calls that reach their time limit by the gentlest means that works: it cancels waiting code,
 * interrupts running code, closes the instance, or ends the process. Work after an answer has the
 * same limit again.
 */
public final class Watchdog {

  private static final Duration GRACE = Duration.ofMillis(500);

  private static final String LATE =
      "The call took longer than the function's timeout. Speed up the function, or raise timeout"
          + " in [tool.hearth].";

  private final Predicate<String> stop;
  private final Runnable halt;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Limits limits;

  public Watchdog(Instances instances) {
    this(instances::stop, Instances::haltAfterAnswers);
  }

  /**
   * Creates a watchdog.
   *
   * @param stop ends the instance with the given id; returns false if it does not stop
   * @param halt ends the process after pending answers have been sent
   */
  Watchdog(Predicate<String> stop, Runnable halt) {
    this.stop = stop;
    this.halt = halt;
    var scheduler = new ScheduledExecutorScheduler("limits", true);
    LifeCycle.start(scheduler);
    this.limits = new Limits(scheduler);
  }

  /** A watched call, and the time at which its limit is checked. */
  private static final class Watch implements CyclicTimeouts.Expirable {
    private final String instance;
    private final Limited code;
    private final Exchange exchange;
    private final String invocation;
    private volatile long lookAt;

    Watch(String instance, Limited code, Exchange exchange, String invocation) {
      this.instance = instance;
      this.code = code;
      this.exchange = exchange;
      this.invocation = invocation;
    }

    @Override
    public long getExpireNanoTime() {
      return lookAt;
    }
  }

  /** One timer for all calls, because a timer for each costs more than many a call's code. */
  private final class Limits extends CyclicTimeouts<Watch> {
    Limits(Scheduler scheduler) {
      super(scheduler);
    }

    @Override
    protected Iterator<Watch> iterator() {
      return watches.iterator();
    }

    @Override
    protected boolean onExpired(Watch watch) {
      // Remove it before the check, which may add it again.
      watches.remove(watch);
      Thread.ofVirtual().name("limit").start(() -> look(watch));
      return false;
    }
  }

  /** Watches a call from now on. */
  public void watch(String instance, Instance code, Exchange exchange, String invocation) {
    watchLimited(instance, code, exchange, invocation);
  }

  void watchLimited(String instance, Limited code, Exchange exchange, String invocation) {
    var watch = new Watch(instance, code, exchange, invocation);
    lookAfter(code.timeout(), watch);
    var _ = exchange.ended().thenRun(() -> watches.remove(watch));
  }

  private void lookAfter(Duration limit, Watch watch) {
    watch.lookAt = CyclicTimeouts.Expirable.calcExpireNanoTime(limit.toMillis());
    watches.add(watch);
    limits.schedule(watch);
    if (watch.exchange.ended().isDone()) {
      watches.remove(watch);
    }
  }

  private void look(Watch watch) {
    var exchange = watch.exchange;
    var code = watch.code;
    if (exchange.ended().isDone()) {
      return;
    }
    var quiet = exchange.quietFor();
    var left = quiet == null ? Duration.ZERO : code.timeout().minusNanos(quiet);
    if (left.compareTo(GRACE) > 0) {
      lookAfter(left, watch);
      return;
    }
    exchange.condemn(ErrorCode.FUNCTION_TIMED_OUT, LATE);
    code.cancel(exchange, watch.invocation);
    var ended =
        exchange
            .ended()
            .thenApply(_ -> true)
            .completeOnTimeout(false, GRACE.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended.join()) {
      end(watch.instance, code, exchange);
    }
  }

  private void end(String instance, Limited code, Exchange exchange) {
    // Ending the instance gives its other calls another reason.
    code.leave(exchange);
    var ended = stop.test(instance);
    exchange.ending(ended ? HostProtocol.INSTANCE_ENDING : HostProtocol.HOST_ENDING);
    exchange.end();
    if (!ended) {
      var _ = exchange.sent().completeOnTimeout(null, 1, TimeUnit.SECONDS).thenRun(halt);
    }
  }
}
