package dev.hearth.host.isolation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Relays connections from a loopback port of the host to the node's egress proxy on a UNIX socket,
 * which decides what is allowed. A host without a network has no other way out.
 */
public final class EgressRelay {

  private static final int BUFFER = 32 * 1024;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private EgressRelay() {}

  /** Starts to accept connections. */
  public static void listen(int port, Path proxy) throws IOException {
    var server = ServerSocketChannel.open();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    Thread.ofVirtual().name("egress").start(() -> accept(server, proxy));
  }

  private static void accept(ServerSocketChannel server, Path proxy) {
    while (server.isOpen()) {
      try {
        var client = server.accept();
        Thread.ofVirtual().start(() -> relay(client, proxy));
      } catch (IOException _) {
        // Most likely too many descriptors are open. Try again after some were closed.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private static void relay(SocketChannel client, Path proxy) {
    try (client;
        var way = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      way.connect(UnixDomainSocketAddress.of(proxy));
      var back = Thread.ofVirtual().start(() -> answer(way, client));
      ask(client, way);
      back.join();
    } catch (IOException _) {
      // The node or the client has left.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Copies the request to the proxy. Goes on reading from the client after the proxy has stopped
   * reading, because the answer of a proxy that refuses a request early must still arrive.
   */
  private static void ask(SocketChannel client, SocketChannel way) {
    var buffer = ByteBuffer.allocate(BUFFER);
    var isTaken = true;
    try {
      while (client.read(buffer) >= 0) {
        isTaken = isTaken && write(buffer.flip(), way);
        buffer.clear();
      }
      way.shutdownOutput();
    } catch (IOException _) {
      // The client has left, or the proxy has and its answer is still being copied.
      if (isTaken) {
        close(way);
      }
    }
  }

  /** Copies the answer to the client; closes both connections if the client has left. */
  private static void answer(SocketChannel way, SocketChannel client) {
    var buffer = ByteBuffer.allocate(BUFFER);
    try {
      while (way.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          client.write(buffer);
        }
        buffer.clear();
      }
      client.shutdownOutput();
    } catch (IOException _) {
      close(way);
      close(client);
    }
  }

  private static boolean write(ByteBuffer content, SocketChannel way) {
    try {
      while (content.hasRemaining()) {
        way.write(content);
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException _) {
      // The channel is closed anyway.
    }
  }
}
