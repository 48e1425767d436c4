package dev.hearth.contracts;

import java.util.Optional;

/** Kinds of calls, as the code that takes a call tells them apart. */
public enum CallKind {
  /** A request as a client sent it. */
  HTTP(""),

  /** A WebSocket; its request asks for one, so no header is needed. */
  SOCKET(""),

  /** An event for a handler: the body is JSON. */
  EVENT("event"),

  /** A probe that the host's own sample answers, never user code. */
  PING("ping");

  private final String header;

  CallKind(String header) {
    this.header = header;
  }

  /**
   * Returns the value of {@link dev.hearth.contracts.host.HostProtocol#CALL_KIND}; empty for HTTP
   * and WebSockets.
   */
  public String header() {
    return header;
  }

  /** Reads a header's value: empty means HTTP; an unknown value gives nothing. */
  public static Optional<CallKind> of(String header) {
    for (var kind : values()) {
      if (kind.header.equals(header)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
