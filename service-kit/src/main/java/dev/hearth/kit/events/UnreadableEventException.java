package dev.hearth.kit.events;

import org.jspecify.annotations.Nullable;

/** Signals a message that can never be read. */
final class UnreadableEventException extends RuntimeException {

  UnreadableEventException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
