package dev.hearth.contracts;

/**
 * Names of HTTP headers of the platform. The gateway removes every header that begins with {@code
 * Hearth-} from what a client sends.
 */
public final class HearthHeaders {

  /** Prefix of all names, in lower case. */
  public static final String PREFIX = "hearth-";

  /** Answer: number of the revision that answered. */
  public static final String REVISION = "Hearth-Revision";

  /** Answer: {@code warm}, {@code prepared} or {@code cold}. */
  public static final String START = "Hearth-Start";

  /** Value of {@link #START} if the call met a ready instance. */
  public static final String START_WARM = "warm";

  /** Answer of an invocation whose handler raised: {@code unhandled}. */
  public static final String FUNCTION_ERROR = "Hearth-Function-Error";

  /** Answer of the platform itself: the {@link ErrorCode}. */
  public static final String ERROR = "Hearth-Error";

  /** Call between gateway and node: the id of the placement that takes it. */
  public static final String PLACEMENT = "Hearth-Placement";

  /** Between services: the shared secret. */
  public static final String INTERNAL_TOKEN = "Hearth-Internal-Token";

  private HearthHeaders() {}
}
