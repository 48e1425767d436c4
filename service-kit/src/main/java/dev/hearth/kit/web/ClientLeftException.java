package dev.hearth.kit.web;

import org.eclipse.jetty.io.EofException;

/** Signals that the client disconnected before its answer was complete. */
final class ClientLeftException extends EofException {

  private static final long serialVersionUID = 1;
}
