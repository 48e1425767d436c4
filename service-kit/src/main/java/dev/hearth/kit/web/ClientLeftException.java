package dev.hearth.kit.web;

import org.eclipse.jetty.io.EofException;

/** Signals that the client has left before its answer ended. */
final class ClientLeftException extends EofException {

  private static final long serialVersionUID = 1;
}
