package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.kit.dispatch.Routes;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * In-memory table of routes: the state of the compacted topic {@code routes}. The lock guards
 * changes and wakes the calls that wait for one.
 */
@Component
public class RouteTable implements Routes {

  private final Map<FunctionKey, RoutePublished> routes = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /**
   * Stores a route; an older generation never replaces a newer one. Among routes without a
   * generation, which earlier versions published, the one of the newer revision wins.
   */
  void put(RoutePublished route) {
    lock.lock();
    try {
      var key = route.revision().function();
      var known = routes.get(key);
      if (known == null || !isOlder(route, known)) {
        routes.put(key, route);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private static boolean isOlder(RoutePublished route, RoutePublished known) {
    return (route.generation() == 0 && known.generation() == 0)
        ? route.revision().number() < known.revision().number()
        : route.generation() < known.generation();
  }

  @Override
  public Optional<RoutePublished> find(FunctionKey function) {
    return Optional.ofNullable(routes.get(function));
  }

  @Override
  public Optional<RoutePublished> awaitTarget(
      FunctionKey function, Set<UUID> tried, Duration patience) throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      var route = routes.get(function);
      while (route != null && !hasTarget(route, tried) && left > 0) {
        left = changed.awaitNanos(left);
        route = routes.get(function);
      }
      return Optional.ofNullable(route).filter(found -> hasTarget(found, tried));
    } finally {
      lock.unlock();
    }
  }

  private static boolean hasTarget(RoutePublished route, Set<UUID> tried) {
    return route.targets().stream().anyMatch(target -> !tried.contains(target.placement()));
  }
}
