package dev.hearth.api.gateway;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/**
 * Where calls go, by function: the compacted topic, in memory. The lock is for changes and for who
 * waits for one.
 */
@Component
public class RouteTable {

  private final Map<FunctionKey, RoutePublished> routes = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Takes a route; an older revision never replaces a newer one. */
  void put(RoutePublished route) {
    lock.lock();
    try {
      var key = route.revision().function();
      var known = routes.get(key);
      if (known == null || known.revision().number() <= route.revision().number()) {
        routes.put(key, route);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The function's route as it is now; it may have no targets. */
  public Optional<RoutePublished> find(FunctionKey function) {
    return Optional.ofNullable(routes.get(function));
  }

  /** Waits until a known function's route has a target; nothing when the time is up. */
  Optional<RoutePublished> awaitTarget(FunctionKey function, Duration patience)
      throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      var route = routes.get(function);
      while (route != null && route.targets().isEmpty() && left > 0) {
        left = changed.awaitNanos(left);
        route = routes.get(function);
      }
      return Optional.ofNullable(route).filter(found -> !found.targets().isEmpty());
    } finally {
      lock.unlock();
    }
  }
}
