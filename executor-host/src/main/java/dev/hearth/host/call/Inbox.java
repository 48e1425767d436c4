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
 * Queue of the items that an interpreter handles next. A byte on a loopback connection wakes the
 * interpreter's running event loop, because a loop waits only for sockets without holding the
 * interpreter's lock.
 */
public final class Inbox {

  private final Queue<Supplier<Optional<String>>> items = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();
  private volatile boolean isLooping;
  private volatile @Nullable SocketChannel waker;
  private volatile int port;

  /**
   * Adds an item and wakes a running event loop.
   *
   * @param item makes the item when the interpreter takes it; empty if the item is obsolete
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

  /** Returns the next item, or null. */
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

  /** Records whether the event loop runs; returns the port to which the loop connects once. */
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
      throw new UncheckedIOException(
          "cannot listen for the connection that wakes an event loop", failed);
    }
  }

  private void accept(ServerSocketChannel server) {
    try (server) {
      waker = server.accept();
      // An item may have been added since the loop began.
      isWoken.set(false);
      wake();
    } catch (IOException _) {
      // Without a waker, the interpreter takes new items when its loop stops.
    }
  }

  /** Closes the connection to the event loop; a loop that runs later makes another one. */
  public void close() {
    var connection = waker;
    waker = null;
    port = 0;
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException _) {
        // The connection is closed anyway.
      }
    }
  }
}
