package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.GatewayEvent.GatewayHeartbeat;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.HearthEvent;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes this gateway's heartbeats, which acknowledge new routes: every two seconds, and at once
 * when routes have taken effect. A thread of its own publishes, so that a broker that is down
 * delays neither calls nor routes. What could not be sent goes with the next heartbeat.
 *
 * <p>The lock guards {@code waiting} and {@code thread}.
 */
final class RouteAcknowledgements implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(RouteAcknowledgements.class);
  private static final Duration PACE = Duration.ofSeconds(2);

  /** Pause in which routes gather for one heartbeat; after a restart all routes are new. */
  private static final Duration GATHERING = Duration.ofMillis(20);

  private final GatewayRef gateway;
  private final Consumer<HearthEvent> publisher;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Long> waiting = new HashMap<>();
  private @Nullable Thread thread;

  RouteAcknowledgements(GatewayRef gateway, Consumer<HearthEvent> publisher, InstantSource clock) {
    this.gateway = gateway;
    this.publisher = publisher;
    this.clock = clock;
  }

  /** Records that a route is in effect; does not wait for the broker. */
  void acknowledge(FunctionKey function, long generation) {
    lock.lock();
    try {
      waiting.merge(function.toString(), generation, Math::max);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start() {
    lock.lock();
    try {
      thread = Thread.ofVirtual().name("gateway-heartbeats").start(this::run);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (isRunning()) {
        if (beat()) {
          awaitRoutes();
        } else {
          TimeUnit.NANOSECONDS.sleep(PACE.toNanos());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitRoutes() throws InterruptedException {
    var left = PACE.toNanos();
    lock.lock();
    try {
      while (waiting.isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
    TimeUnit.NANOSECONDS.sleep(GATHERING.toNanos());
  }

  /** Sends one heartbeat; returns false if the broker did not take it. */
  boolean beat() {
    var taken = take();
    try {
      publisher.accept(new GatewayHeartbeat(gateway, clock.instant(), taken));
      return true;
    } catch (RuntimeException failed) {
      // Top of the loop: the next heartbeat tries again.
      if (isRunning()) {
        log.atWarn()
            .addKeyValue("cause", failed.toString())
            .log("heartbeat not sent, trying again");
      }
      lock.lock();
      try {
        taken.forEach((function, generation) -> waiting.merge(function, generation, Math::max));
      } finally {
        lock.unlock();
      }
      return false;
    }
  }

  private Map<String, Long> take() {
    lock.lock();
    try {
      var taken = Map.copyOf(waiting);
      waiting.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void stop() {
    lock.lock();
    try {
      if (thread != null) {
        thread.interrupt();
        thread = null;
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isRunning() {
    lock.lock();
    try {
      return thread != null;
    } finally {
      lock.unlock();
    }
  }
}
