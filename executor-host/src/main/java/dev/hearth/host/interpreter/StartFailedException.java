package dev.hearth.host.interpreter;

/** What user code did instead of starting. */
public final class StartFailedException extends Exception {

  private static final long serialVersionUID = 1;

  private final String traceback;

  public StartFailedException(String message, String traceback) {
    super(message);
    this.traceback = traceback;
  }

  /** Python's, or empty. */
  public String traceback() {
    return traceback;
  }
}
