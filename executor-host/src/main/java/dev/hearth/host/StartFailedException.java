package dev.hearth.host;

/** What user code did instead of starting. */
final class StartFailedException extends Exception {

  private static final long serialVersionUID = 1;

  private final String traceback;

  StartFailedException(String message, String traceback) {
    super(message);
    this.traceback = traceback;
  }

  /** Python's, or empty. */
  String traceback() {
    return traceback;
  }
}
