package dev.hearth.host.call;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Compares the body of an answer with the length that its head declares. Not thread-safe. */
final class AnswerLength {

  private final long declared;
  private long given;
  private boolean isExcessTold;

  /**
   * Begins without a body.
   *
   * @param declared bytes of the body, or {@link AnswerHead#UNKNOWN}
   */
  AnswerLength(long declared) {
    this.declared = declared;
  }

  boolean isDeclared() {
    return declared != AnswerHead.UNKNOWN;
  }

  /** Returns true if the body has all the bytes that were declared. */
  boolean isReached() {
    return given == declared;
  }

  /** Counts a part of the body, and returns as much of it as the declared length has room for. */
  ByteBuffer take(byte[] part) {
    var taken = isDeclared() ? (int) Math.min(part.length, declared - given) : part.length;
    given += taken;
    return ByteBuffer.wrap(part, 0, taken);
  }

  /** Says that the body is too short. */
  String shortage() {
    return "The answer's content-length is %d, but its body has %d bytes."
        .formatted(declared, given);
  }

  /** Says that the body is too long, but only once. */
  Optional<String> excess() {
    if (isExcessTold) {
      return Optional.empty();
    }
    isExcessTold = true;
    return Optional.of(
        "The answer's content-length is %d, but its body is longer.".formatted(declared));
  }
}
