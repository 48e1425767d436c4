package dev.hearth.contracts;

/**
 * A request or a step that cannot be carried out, with the code that says why. The message is shown
 * to the user.
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

  /** The message, which is never absent. */
  public String detail() {
    var message = getMessage();
    return message == null ? code.title() : message;
  }
}
