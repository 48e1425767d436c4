package dev.hearth.contracts;

/**
 * HTTP headers of our own. Those that begin with {@code Hearth-} are removed from what a client
 * sends.
 */
public final class HearthHeaders {

  /** Prefix of all of them, for stripping. */
  public static final String PREFIX = "hearth-";

  /** Answer: the revision's number that answered. */
  public static final String REVISION = "Hearth-Revision";

  /** Answer: {@code warm}, {@code prepared} or {@code cold}. */
  public static final String START = "Hearth-Start";

  /** What {@link #START} says of a call that met an instance. */
  public static final String START_WARM = "warm";

  /** Answer of an invocation whose handler raised: {@code unhandled}. */
  public static final String FUNCTION_ERROR = "Hearth-Function-Error";

  /** Answer that the platform made itself: the {@link ErrorCode}. */
  public static final String ERROR = "Hearth-Error";

  /** Call between gateway and node: the id of the placement that takes it. */
  public static final String PLACEMENT = "Hearth-Placement";

  /** Between services: the shared secret. */
  public static final String INTERNAL_TOKEN = "Hearth-Internal-Token";

  private HearthHeaders() {}
}
