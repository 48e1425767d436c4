package dev.hearth.contracts;

/**
 * Errors that callers can distinguish. A name is never reused; JSON has it in lower case. The kind
 * decides about retries: event consumers retry only after {@code PLATFORM} and {@code CAPACITY},
 * and answers of {@code CAPACITY} have {@code Retry-After}.
 */
public enum ErrorCode {
  UNAUTHENTICATED(Kind.CALLER, 401, "Authentication is missing or wrong"),
  FORBIDDEN(Kind.CALLER, 403, "The caller may not do this"),
  NOT_FOUND(Kind.CALLER, 404, "The resource does not exist"),
  FUNCTION_NOT_FOUND(Kind.CALLER, 404, "There is no such function"),
  REVISION_NOT_FOUND(Kind.CALLER, 404, "There is no such revision"),
  REQUEST_INVALID(Kind.CALLER, 400, "The request is not valid"),
  FUNCTION_NAME_INVALID(Kind.CALLER, 400, "The function name is not valid"),
  ARCHIVE_INVALID(Kind.CALLER, 422, "The source archive cannot be read"),
  ARCHIVE_UNSAFE(Kind.CALLER, 422, "The source archive contains a forbidden entry"),
  ARCHIVE_TOO_LARGE(Kind.CALLER, 413, "The source archive is too large"),
  PROJECT_INVALID(Kind.CALLER, 422, "The project's settings are not valid"),
  PYTHON_INCOMPATIBLE(Kind.CALLER, 422, "The project requires another Python version"),
  DEPENDENCY_UNRESOLVED(Kind.CALLER, 422, "The dependencies cannot be resolved"),
  DEPENDENCY_UNINSTALLABLE(Kind.CALLER, 422, "A dependency cannot be installed"),
  LOCK_STALE(Kind.CALLER, 422, "The lock does not match the project"),
  ENTRY_NOT_FOUND(Kind.CALLER, 422, "No entry point was found"),
  ENTRY_AMBIGUOUS(Kind.CALLER, 422, "More than one entry point was found"),
  SYNTAX_ERROR(Kind.CALLER, 422, "The code cannot be parsed"),
  START_FAILED(Kind.FUNCTION, 422, "The function could not be started"),
  CONVENTION_MISMATCH(Kind.CALLER, 409, "The function does not take events"),
  FUNCTION_RAISED(Kind.FUNCTION, 500, "The function raised an exception"),
  FUNCTION_TIMED_OUT(Kind.FUNCTION, 504, "The function did not answer in time"),
  TEMPORARY_FULL(Kind.FUNCTION, 507, "The function's temporary files are full"),
  FUNCTION_ANSWER_INVALID(Kind.FUNCTION, 502, "The function's answer is not valid"),
  INSTANCE_LOST(Kind.PLATFORM, 502, "The instance ended during the call"),
  NO_INSTANCE(Kind.CAPACITY, 503, "No instance is ready"),
  PAYLOAD_TOO_LARGE(Kind.CALLER, 413, "The request body is too large"),
  BUILD_FAILED(Kind.PLATFORM, 500, "The build did not finish"),
  INTERNAL(Kind.PLATFORM, 500, "The platform has an internal error");

  /** Causes of errors, which decide whether another attempt makes sense. */
  public enum Kind {
    /** The request is at fault; never retried. */
    CALLER,
    /** Too few resources at present; retried after a delay. */
    CAPACITY,
    /** The platform failed; retried by policy. */
    PLATFORM,
    /** The user's code failed; retried as the trigger configures. */
    FUNCTION
  }

  private final Kind kind;
  private final int status;
  private final String title;

  ErrorCode(Kind kind, int status, String title) {
    this.kind = kind;
    this.status = status;
    this.title = title;
  }

  public Kind kind() {
    return kind;
  }

  /** Returns the HTTP status. */
  public int status() {
    return status;
  }

  /** Returns the title of problems with this code. */
  public String title() {
    return title;
  }

  /** Returns the name in JSON and in headers. */
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
