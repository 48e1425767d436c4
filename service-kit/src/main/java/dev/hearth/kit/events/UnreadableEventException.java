package dev.hearth.kit.events;

import org.jspecify.annotations.Nullable;

/** Thrown for a message that another attempt will not make readable. */
final class UnreadableEventException extends RuntimeException {

  UnreadableEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
