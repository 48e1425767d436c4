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

  /** Answer of a host, inside: it comes in parts, and the code that makes them still runs. */
  public static final String STREAMING = "Hearth-Streaming";

  /** Answer of a host, inside: no code has seen the call, so it may be made again. */
  public static final String NOT_BEGUN = "Hearth-Not-Begun";

  /** Answer of a host, inside: the instance has ended with the call. */
  public static final String INSTANCE_ENDING = "Hearth-Instance-Ending";

  /** Answer of a host, inside: it ends itself now, for code of an instance does not stop. */
  public static final String HOST_ENDING = "Hearth-Host-Ending";

  /** Call, inside: the instance's id. */
  public static final String INSTANCE = "Hearth-Instance";

  /** Call, inside: the path prefix that was stripped; {@code SCRIPT_NAME} of the app. */
  public static final String ROOT_PATH = "Hearth-Root-Path";

  /** Call, inside: {@link #CALL_EVENT}, {@link #CALL_PING}, or absent for HTTP. */
  public static final String CALL = "Hearth-Call";

  /** The body is an event for a Lambda-style handler. */
  public static final String CALL_EVENT = "event";

  /** Answered by a sample in the host process, not by the user's code. */
  public static final String CALL_PING = "ping";

  /** Call, inside: an id for one invocation. */
  public static final String INVOCATION = "Hearth-Invocation";

  /** Call, inside: the client's address and the scheme it used. */
  public static final String CLIENT = "Hearth-Client";

  /** Call, inside: the host that the client named. */
  public static final String HOST = "Hearth-Host";

  public static final String SCHEME = "Hearth-Scheme";

  /** Between services: the shared secret. */
  public static final String INTERNAL_TOKEN = "Hearth-Internal-Token";

  private HearthHeaders() {}
}
