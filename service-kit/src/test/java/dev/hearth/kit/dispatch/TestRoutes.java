package dev.hearth.kit.dispatch;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The route of one function, in memory. */
final class TestRoutes implements Routes {

  static final FunctionKey FUNCTION = new FunctionKey("acme", "tea");

  private @Nullable RoutePublished route;
  private int awaiting;

  synchronized void publish(Duration timeout, Target... targets) {
    route =
        new RoutePublished(
            new RevisionRef(new UUID(0, 1), FUNCTION, 1),
            Instant.EPOCH,
            Arrays.asList(targets),
            Convention.ASGI,
            timeout,
            Timings.none(),
            1L);
    notifyAll();
  }

  static Target at(int port) {
    return new Target(UUID.randomUUID(), URI.create("http://127.0.0.1:" + port));
  }

  /** Returns the number of calls that wait for a target. */
  synchronized int awaiting() {
    return awaiting;
  }

  @Override
  public synchronized Optional<RoutePublished> find(FunctionKey function) {
    return function.equals(FUNCTION) ? Optional.ofNullable(route) : Optional.empty();
  }

  @Override
  public synchronized Optional<RoutePublished> awaitTarget(
      FunctionKey function, Set<UUID> tried, Duration patience) throws InterruptedException {
    var deadline = System.nanoTime() + patience.toNanos();
    awaiting++;
    try {
      while (true) {
        var found = find(function);
        var left = (deadline - System.nanoTime()) / 1_000_000;
        if (found.isEmpty()
            || found.get().targets().stream().anyMatch(t -> !tried.contains(t.placement()))) {
          return found;
        }
        if (left <= 0) {
          return Optional.empty();
        }
        wait(left);
      }
    } finally {
      awaiting--;
    }
  }
}
