package dev.hearth.contracts;

/**
 * Signals that a request or step cannot be carried out; the code says why. Users see the message.
 */
public final class HearthException extends RuntimeException {

  private final ErrorCode code;

  public HearthException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  public HearthException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  /** Returns the message, or the code's title if there is none. */
  public String detail() {
    var message = getMessage();
    return message == null ? code.title() : message;
  }
}
