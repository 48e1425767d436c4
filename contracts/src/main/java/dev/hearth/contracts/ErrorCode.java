package dev.hearth.contracts;

/**
 * Errors that a caller may tell apart. A name is never reused; in JSON it is written in lower case.
 * The kind decides about retries: consumers of events try again after {@code PLATFORM} and {@code
 * CAPACITY} only, and answers of {@code CAPACITY} carry {@code Retry-After}.
 */
public enum ErrorCode {
  UNAUTHENTICATED(Kind.CALLER, 401, "Authentication is missing or wrong"),
  FORBIDDEN(Kind.CALLER, 403, "The caller may not do this"),
  NOT_FOUND(Kind.CALLER, 404, "There is no such thing"),
  FUNCTION_NOT_FOUND(Kind.CALLER, 404, "There is no such function"),
  REVISION_NOT_FOUND(Kind.CALLER, 404, "There is no such revision"),
  REQUEST_INVALID(Kind.CALLER, 400, "The request cannot be understood"),
  FUNCTION_NAME_INVALID(Kind.CALLER, 400, "The function name is not valid"),
  ARCHIVE_INVALID(Kind.CALLER, 422, "The source archive cannot be read"),
  ARCHIVE_UNSAFE(Kind.CALLER, 422, "The source archive holds an entry that is not allowed"),
  ARCHIVE_TOO_LARGE(Kind.CALLER, 413, "The source archive is too large"),
  PROJECT_INVALID(Kind.CALLER, 422, "The project cannot be understood"),
  PYTHON_INCOMPATIBLE(Kind.CALLER, 422, "The project wants another Python"),
  DEPENDENCY_UNRESOLVED(Kind.CALLER, 422, "The dependencies cannot be resolved"),
  DEPENDENCY_UNINSTALLABLE(Kind.CALLER, 422, "A dependency cannot be installed"),
  LOCK_STALE(Kind.CALLER, 422, "uv.lock does not fit pyproject.toml"),
  ENTRY_NOT_FOUND(Kind.CALLER, 422, "No entry point was found"),
  ENTRY_AMBIGUOUS(Kind.CALLER, 422, "More than one entry point was found"),
  SYNTAX_ERROR(Kind.CALLER, 422, "The code cannot be parsed"),
  START_FAILED(Kind.FUNCTION, 422, "The function could not be started"),
  CONVENTION_MISMATCH(Kind.CALLER, 409, "The function does not take events"),
  FUNCTION_RAISED(Kind.FUNCTION, 500, "The function raised an exception"),
  FUNCTION_TIMED_OUT(Kind.FUNCTION, 504, "The function did not answer in time"),
  FUNCTION_ANSWER_INVALID(Kind.FUNCTION, 502, "The function's answer is not valid"),
  INSTANCE_LOST(Kind.PLATFORM, 502, "The instance ended during the call"),
  NO_INSTANCE(Kind.CAPACITY, 503, "No instance is ready"),
  PAYLOAD_TOO_LARGE(Kind.CALLER, 413, "The request body is too large"),
  BUILD_FAILED(Kind.PLATFORM, 500, "The build did not finish"),
  INTERNAL(Kind.PLATFORM, 500, "Something is wrong on our side");

  /** Where the fault lies, which decides whether another attempt makes sense. */
  public enum Kind {
    /** The caller: never tried again. */
    CALLER,
    /** Too few resources now: tried again after a delay. */
    CAPACITY,
    /** The platform: tried again by policy. */
    PLATFORM,
    /** The user's code: tried again as the trigger says. */
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

  /** Returns the HTTP status of its answer. */
  public int status() {
    return status;
  }

  /** Returns one short sentence that is the same each time. */
  public String title() {
    return title;
  }

  /** Returns the name as it is written in JSON and in headers. */
  public String code() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
