package dev.hearth.kit.events;

import dev.hearth.contracts.HearthException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;

/** Tells failures that pass from failures that come back with every attempt. */
public final class Faults {

  private Faults() {}

  /**
   * Returns true if another attempt may succeed: a database, store or broker is away, or {@link
   * dev.hearth.contracts.ErrorCode.Kind} says so. Data that the database refuses, and what can only
   * be a mistake in our code, fails again in the same way.
   */
  public static boolean isPassing(Throwable failure) {
    return switch (failure) {
      case HearthException coded ->
          switch (coded.code().kind()) {
            case PLATFORM, CAPACITY -> true;
            case CALLER, FUNCTION -> false;
          };
      case UnreadableEventException _ -> false;
      case NonTransientDataAccessResourceException _ -> true; // No connection.
      case NonTransientDataAccessException _ -> false;
      case NullPointerException _,
          ClassCastException _,
          IllegalArgumentException _,
          IndexOutOfBoundsException _,
          UnsupportedOperationException _ ->
          false;
      default -> true;
    };
  }
}
