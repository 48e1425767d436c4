package dev.hearth.contracts.host;

/**
 * The protocol between a node and its host processes: HTTP/1.1 over a UNIX socket. Every path,
 * header name and limit of it stands here and nowhere else; {@code HostContractTest} walks all of
 * it against each runtime's host.
 *
 * <p>A host starts, listens, and then writes {@link #READY_LINE} as the first line of its standard
 * output; each later line is an {@link OutputLine} as JSON. It ends when its standard input closes.
 */
public final class HostProtocol {

  /** First line of a host's standard output: it takes requests from now on. */
  public static final String READY_LINE = "ready";

  /** Prefix of the path of every call; what follows is the path that the function sees. */
  public static final String CALL = "/call";

  /** {@code DELETE /calls/INVOCATION}: the caller has gone. Answered with 204. */
  public static final String CALLS = "/calls";

  /**
   * {@code POST /instances} takes an {@link InstanceSpec}: 201 with {@link InstanceStarted}, or 422
   * with {@link InstanceFailure}. {@code DELETE /instances/ID}: 204.
   */
  public static final String INSTANCES = "/instances";

  /** {@code POST /instances/ID/suspend}: runs the hooks before a snapshot; answers as a start. */
  public static final String SUSPEND = "suspend";

  /** {@code POST /instances/ID/resume}: runs the hooks after a restore; answers as a start. */
  public static final String RESUME = "resume";

  /** {@code GET /state}: 200 with {@link HostState}. */
  public static final String STATE = "/state";

  /** {@code POST /rest}: collects garbage before a snapshot. Answered with 204. */
  public static final String REST = "/rest";

  /** Call: the id of the instance that takes it. */
  public static final String INSTANCE = "Hearth-Instance";

  /** Call: the id of the invocation. */
  public static final String INVOCATION = "Hearth-Invocation";

  /** Call: what kind it is, as {@link dev.hearth.contracts.CallKind#header()} writes it. */
  public static final String CALL_KIND = "Hearth-Call";

  /** Call: the path prefix that the gateway stripped; {@code SCRIPT_NAME} of the app. */
  public static final String ROOT_PATH = "Hearth-Root-Path";

  /** Call: the client's address. */
  public static final String CLIENT = "Hearth-Client";

  /** Call: the host that the client named. */
  public static final String HOST = "Hearth-Host";

  /** Call: {@code http} or {@code https}, as the client used it. */
  public static final String SCHEME = "Hearth-Scheme";

  /** Answer: it comes in parts, and the code that makes them still runs. */
  public static final String STREAMING = "Hearth-Streaming";

  /** Answer: no code has seen the call, so it may be made again. */
  public static final String NOT_BEGUN = "Hearth-Not-Begun";

  /** Answer: the instance has ended with the call. */
  public static final String INSTANCE_ENDING = "Hearth-Instance-Ending";

  /** Answer: the host ends itself now, because code of an instance does not stop. */
  public static final String HOST_ENDING = "Hearth-Host-Ending";

  /** Largest body of a request, in bytes (64 MiB). */
  public static final int LARGEST_BODY = 64 << 20;

  /** Largest body that is read whole before the call takes a permit, in bytes (1 MiB). */
  public static final int SMALL_BODY = 1 << 20;

  /** Largest message of a WebSocket, in bytes (1 MiB). */
  public static final int LARGEST_MESSAGE = 1 << 20;

  /** Most bytes of a request's or an answer's head (96 KiB). */
  public static final int HEAD_BYTES = 96 << 10;

  /** Most characters of a printed line; what is longer is split (16 Ki). */
  public static final int LINE_CHARACTERS = 16 << 10;

  private HostProtocol() {}
}
