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
 * The only way out of a host without network: what comes in at a port of its own loopback goes to
 * the node's proxy, which listens on a UNIX socket and decides.
 */
public final class EgressRelay {

  private static final int BUFFER = 32 * 1024;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private EgressRelay() {}

  /** Begins to listen. */
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
        // Too many descriptors, most likely; when some are closed it goes on.
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
      // The node is gone, or the client.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * What the proxy does not take any more is read all the same: who refuses a request need not read
   * all of it, and the answer must arrive.
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
      // The client has gone; or the proxy, and what it answered is on its way.
      if (isTaken) {
        close(way);
      }
    }
  }

  /** A client that takes no more has left: the proxy need not get the rest for it. */
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
      // Closed all the same.
    }
  }
}
