package dev.hearth.kit.dispatch;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The routes of functions as this process knows them. */
public interface Routes {

  /** Returns the function's route as it is now; it may have no targets. */
  Optional<RoutePublished> find(FunctionKey function);

  /**
   * Waits until the function's route has a target besides the given placements.
   *
   * @return nothing when there is no such function, or none such target in time
   */
  Optional<RoutePublished> awaitTarget(FunctionKey function, Set<UUID> tried, Duration patience)
      throws InterruptedException;
}
