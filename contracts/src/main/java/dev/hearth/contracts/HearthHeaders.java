package dev.hearth.contracts;

/**
 * Names of the platform's HTTP headers. The gateway removes every header that begins with {@code
 * Hearth-} from clients' requests.
 */
public final class HearthHeaders {

  /** Prefix of all names, in lower case. */
  public static final String PREFIX = "hearth-";

  /** Answer: number of the revision that answered. */
  public static final String REVISION = "Hearth-Revision";

  /** Answer: how the instance was started: {@code warm}, {@code prepared} or {@code cold}. */
  public static final String START = "Hearth-Start";

  /** Value of {@link #START} if a ready instance took the call. */
  public static final String START_WARM = "warm";

  /** Answer: {@code unhandled} if the handler raised an exception. */
  public static final String FUNCTION_ERROR = "Hearth-Function-Error";

  /** Answer of the platform instead of the function: the {@link ErrorCode}. */
  public static final String ERROR = "Hearth-Error";

  /** Call from gateway to node: the id of the placement. */
  public static final String PLACEMENT = "Hearth-Placement";

  /** Request between services: the shared secret. */
  public static final String INTERNAL_TOKEN = "Hearth-Internal-Token";

  private HearthHeaders() {}
}
