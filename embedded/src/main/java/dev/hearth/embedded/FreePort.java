package dev.hearth.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds free ports on loopback for servers that bind them some seconds later. They lie below the
 * range from which operating systems take the ports of outgoing connections (Linux: 32768 and up,
 * see ip(7)). Each process searches from a place of its own, so two platforms that start at once do
 * not choose the same.
 */
public final class FreePort {

  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;

  /** Ports of one process lie this close together. */
  private static final int BLOCK = 16;

  private static final AtomicInteger next =
      new AtomicInteger((int) (ProcessHandle.current().pid() % (COUNT / BLOCK)) * BLOCK);

  private FreePort() {}

  /**
   * Returns a port that nobody listens on and that this process was not given before.
   *
   * @throws IOException if no port is free
   */
  public static int find() throws IOException {
    for (int tried = 0; tried < COUNT; tried++) {
      var port = FIRST + next.getAndIncrement() % COUNT;
      try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException _) {
        // Another process listens on it.
      }
    }
    throw new IOException("no port is free between %d and %d".formatted(FIRST, FIRST + COUNT - 1));
  }
}
