package dev.hearth.host.call;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What an interpreter has to look at next. While its event loop runs, one byte on a connection of
 * the loopback interface wakes it, for a loop can wait for nothing else without the interpreter's
 * lock.
 */
public final class Inbox {

  private final Queue<Supplier<Optional<String>>> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private volatile boolean isLooping;
  private volatile @Nullable SocketChannel waker;
  private volatile int port;

  /**
   * Adds an item and wakes the loop, if it runs.
   *
   * @param item is made when the interpreter takes it; nothing when it is of no use any more
   */
  public void add(Supplier<Optional<String>> item) {
    items.add(item);
    wake();
  }

  private void wake() {
    var connection = waker;
    if (isLooping && connection != null && isWoken.compareAndSet(false, true)) {
      try {
        connection.write(ByteBuffer.allocate(1));
      } catch (IOException _) {
        // The interpreter ends.
      }
    }
  }

  public boolean isEmpty() {
    return items.isEmpty();
  }

  /** The next item, or null. */
  @Nullable String poll() {
    isWoken.set(false);
    for (var item = items.poll(); item != null; item = items.poll()) {
      var made = item.get();
      if (made.isPresent()) {
        return made.get();
      }
    }
    return null;
  }

  /** The loop begins or ends; the port is where it connects to, once. */
  int looping(boolean running) {
    isLooping = running;
    if (running && port == 0) {
      listen();
    }
    return port;
  }

  private void listen() {
    try {
      var server = ServerSocketChannel.open();
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      Thread.ofVirtual().name("waker").start(() -> accept(server));
    } catch (IOException failed) {
      throw new UncheckedIOException("an event loop cannot be woken", failed);
    }
  }

  private void accept(ServerSocketChannel server) {
    try (server) {
      waker = server.accept();
      // Something may have come since the loop began.
      isWoken.set(false);
      wake();
    } catch (IOException _) {
      // Calls find the loop when it rests.
    }
  }

  public void close() {
    var connection = waker;
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException _) {
        // Closed all the same.
      }
    }
  }
}
