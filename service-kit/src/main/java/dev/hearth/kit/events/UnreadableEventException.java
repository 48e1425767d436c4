package dev.hearth.kit.events;

import org.jspecify.annotations.Nullable;

/** A message that trying again will not make readable. */
final class UnreadableEventException extends RuntimeException {

  UnreadableEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
