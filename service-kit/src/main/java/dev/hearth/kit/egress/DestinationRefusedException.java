package dev.hearth.kit.egress;

import java.io.IOException;

/** Signals that a client may not connect to a host. */
public final class DestinationRefusedException extends IOException {

  private static final long serialVersionUID = 1;

  DestinationRefusedException(String host) {
    super("connections to " + host + " are not allowed");
  }
}
