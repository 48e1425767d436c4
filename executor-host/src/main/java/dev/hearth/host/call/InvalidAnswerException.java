package dev.hearth.host.call;

/** Signals that HTTP does not allow an answer; the message says why. */
final class InvalidAnswerException extends Exception {

  private static final long serialVersionUID = 1;

  InvalidAnswerException(String message) {
    super(message);
  }

  /** Returns the message, which is always there. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
