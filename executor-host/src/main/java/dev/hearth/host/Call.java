package dev.hearth.host;

/**
 * One call for an instance. Text is Latin-1, as HTTP has it.
 *
 * @param path raw, without {@code rootPath}
 * @param headers {@code name\0value\0…}
 * @param body all of it when it is whole, else nothing: the exchange has it
 */
record Call(
    String method,
    String path,
    String query,
    String headers,
    String body,
    boolean isWhole,
    String rootPath,
    String client,
    String scheme,
    String invocation,
    Kind kind) {

  /** What it is for the code. */
  enum Kind {
    /** An HTTP request. */
    CALL,
    /** The body is an event for a handler. */
    EVENT,
    /** An HTTP request that wants to become a WebSocket. */
    SOCKET
  }
}
