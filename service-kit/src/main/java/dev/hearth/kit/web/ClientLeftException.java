package dev.hearth.kit.web;

import org.eclipse.jetty.io.EofException;

/** Nobody waits for the answer any more. */
final class ClientLeftException extends EofException {

  private static final long serialVersionUID = 1;
}
