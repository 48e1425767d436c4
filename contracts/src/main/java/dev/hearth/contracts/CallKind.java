package dev.hearth.contracts;

import java.util.Optional;

/** Kinds of calls that a host distinguishes. */
public enum CallKind {
  /** A client's HTTP request. */
  HTTP(""),

  /** A WebSocket. Its handshake identifies it, so no header is needed. */
  SOCKET(""),

  /** An event for a handler, with a JSON body. */
  EVENT("event"),

  /** A probe that the host answers itself, without user code. */
  PING("ping");

  private final String header;

  CallKind(String header) {
    this.header = header;
  }

  /**
   * Returns this kind's value in the header {@link
   * dev.hearth.contracts.host.HostProtocol#CALL_KIND}; empty for HTTP and WebSockets, which need no
   * header.
   */
  public String header() {
    return header;
  }

  /** Parses a header value. An empty value means HTTP; an unknown value gives nothing. */
  public static Optional<CallKind> of(String header) {
    for (var kind : values()) {
      if (kind.header.equals(header)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
