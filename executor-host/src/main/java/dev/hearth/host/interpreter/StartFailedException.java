package dev.hearth.host.interpreter;

/** Thrown when user code raises or takes too long while an instance starts or resumes. */
public final class StartFailedException extends Exception {

  private static final long serialVersionUID = 1;

  private final String traceback;

  public StartFailedException(String message, String traceback) {
    super(message);
    this.traceback = traceback;
  }

  /** Returns Python's traceback, or an empty string. */
  public String traceback() {
    return traceback;
  }
}
