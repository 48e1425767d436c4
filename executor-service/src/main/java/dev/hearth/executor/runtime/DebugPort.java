package dev.hearth.executor.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses the port on loopback at which a host's JVM waits for a debugger. */
final class DebugPort {

  private static final Logger log = LoggerFactory.getLogger(DebugPort.class);

  private DebugPort() {}

  /** Returns the JVM's option for a free port, and logs the port. */
  static String option(String socket) {
    try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      log.atInfo()
          .addKeyValue("socket", socket)
          .addKeyValue("port", probe.getLocalPort())
          .log("host has a debug port");
      // The agent would print the port on standard output, which carries the host protocol.
      return "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:"
          + probe.getLocalPort();
    } catch (IOException failed) {
      throw new UncheckedIOException("no port is free for a debugger", failed);
    }
  }
}
