package dev.hearth.kit.events;

import dev.hearth.contracts.HearthException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;

/** Distinguishes transient failures from permanent ones. */
public final class Faults {

  private Faults() {}

  /**
   * Returns true if another attempt may succeed: if a database, store or broker is unavailable, or
   * if the {@link dev.hearth.contracts.ErrorCode.Kind} says so. Data that the database rejects and
   * programming errors fail again.
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
