package dev.hearth.contracts;

import java.util.Optional;

/** What a call is to the code that takes it. */
public enum CallKind {
  /** A request as a client sent it. */
  HTTP(""),

  /** A WebSocket; it is a request that asks for one, so the header does not tell it apart. */
  SOCKET(""),

  /** The body is an event for a handler, as JSON. */
  EVENT("event"),

  /** Answered by the host's own sample, never by user code. */
  PING("ping");

  private final String header;

  CallKind(String header) {
    this.header = header;
  }

  /**
   * The value of {@link dev.hearth.contracts.host.HostProtocol#CALL_KIND}; empty for HTTP and
   * WebSockets.
   */
  public String header() {
    return header;
  }

  /** Reads a header's value; an empty one is HTTP, an unknown one is nothing. */
  public static Optional<CallKind> of(String header) {
    for (var kind : values()) {
      if (kind.header.equals(header)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
