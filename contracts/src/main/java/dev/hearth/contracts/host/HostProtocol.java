package dev.hearth.contracts.host;

/**
 * The protocol between a node and its host processes: HTTP/1.1 over a UNIX socket. Its paths,
 * header names and limits are defined only here. {@code HostContractTest} checks all of it against
 * each runtime's host.
 *
 * <p>A host starts, listens, and then writes {@link #READY_LINE} as the first line of its standard
 * output; each later line is an {@link OutputLine} as JSON. It ends when its standard input closes.
 */
public final class HostProtocol {

  /** First line of a host's standard output: the host accepts requests. */
  public static final String READY_LINE = "ready";

  /** Prefix of the path of every call; the function sees the rest of the path. */
  public static final String CALL = "/call";

  /**
   * {@code DELETE /calls/INVOCATION} reports that a call's client has disconnected; the function's
   * {@link dev.hearth.contracts.OnDisconnect} decides whether its code is cancelled. Answer: 204.
   */
  public static final String CALLS = "/calls";

  /**
   * {@code POST /instances} with an {@link InstanceSpec} starts an instance. Answer: 201 with
   * {@link InstanceStarted}, or 422 with {@link InstanceFailure}. {@code DELETE /instances/ID} ends
   * one, with {@link #END_LIMIT}. Answer: 204.
   */
  public static final String INSTANCES = "/instances";

  /**
   * {@code POST /instances/ID/suspend} runs the hooks before a snapshot. Answer: as for a start.
   */
  public static final String SUSPEND = "suspend";

  /** {@code POST /instances/ID/resume} runs the hooks after a restore. Answer: as for a start. */
  public static final String RESUME = "resume";

  /**
   * End of an instance: the longest time in milliseconds for what the code left for its end.
   * Without it, the instance is ended at once.
   */
  public static final String END_LIMIT = "Hearth-End-Limit";

  /** {@code GET /state} returns the host's resource usage. Answer: 200 with {@link HostState}. */
  public static final String STATE = "/state";

  /** {@code POST /rest} collects garbage before a snapshot. Answer: 204. */
  public static final String REST = "/rest";

  /** Call: the id of the instance. */
  public static final String INSTANCE = "Hearth-Instance";

  /** Call: the id of the invocation. */
  public static final String INVOCATION = "Hearth-Invocation";

  /** Call: its kind, a value of {@link dev.hearth.contracts.CallKind#header()}. */
  public static final String CALL_KIND = "Hearth-Call";

  /**
   * Call: the path prefix that the gateway stripped, for example for WSGI's {@code SCRIPT_NAME}.
   */
  public static final String ROOT_PATH = "Hearth-Root-Path";

  /** Call: the query, if the request line cannot carry it; one character for each byte. */
  public static final String QUERY = "Hearth-Query";

  /** Call: the client's address. */
  public static final String CLIENT = "Hearth-Client";

  /** Call: the host that the client named. */
  public static final String HOST = "Hearth-Host";

  /** Call: the scheme that the client used, {@code http} or {@code https}. */
  public static final String SCHEME = "Hearth-Scheme";

  /** Answer: the body is streamed, and the user's code still runs. */
  public static final String STREAMING = "Hearth-Streaming";

  /** Answer: no user code has run, so the call may be repeated. */
  public static final String NOT_BEGUN = "Hearth-Not-Begun";

  /** Answer: the instance ended together with the call. */
  public static final String INSTANCE_ENDING = "Hearth-Instance-Ending";

  /** Answer: the host process exits, because an instance's code does not stop. */
  public static final String HOST_ENDING = "Hearth-Host-Ending";

  /** Largest body of a request, in bytes (64 MiB). */
  public static final int LARGEST_BODY = 64 << 20;

  /** Largest body that is read completely before the call takes a permit, in bytes (1 MiB). */
  public static final int SMALL_BODY = 1 << 20;

  /** Largest message that a WebSocket receives, in bytes (16 MiB). */
  public static final int LARGEST_MESSAGE = 16 << 20;

  /** Largest head of a request or an answer, in bytes (96 KiB). */
  public static final int HEAD_BYTES = 96 << 10;

  /** Longest entry of a function's log, in characters (128 Ki); longer ones are split. */
  public static final int ENTRY_CHARACTERS = 128 << 10;

  private HostProtocol() {}
}
