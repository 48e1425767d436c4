package dev.hearth.kit.dispatch;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The routes of functions that this process knows. */
public interface Routes {

  /** Returns the function's current route, which may have no targets. */
  Optional<RoutePublished> find(FunctionKey function);

  /**
   * Waits until the function's route has a target other than the given placements.
   *
   * @return nothing if there is no such function, or no such target in time
   */
  Optional<RoutePublished> awaitTarget(FunctionKey function, Set<UUID> tried, Duration patience)
      throws InterruptedException;
}
