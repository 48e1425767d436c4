package dev.hearth.kit.web;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.component.AbstractLifeCycle;

/**
 * Notices clients that leave while they wait for an answer. Jetty reads a connection only for the
 * next request, so nobody would see its end before something is written.
 */
final class Departures extends AbstractLifeCycle {

  /** Most calls are answered sooner and cost nothing here. */
  private static final Duration SOON = Duration.ofMillis(250);

  private final Map<Object, Waiting> waiting = new ConcurrentHashMap<>();
  private Thread thread = new Thread();

  private record Waiting(SocketChannel channel, long since, Runnable action) {}

  /**
   * Watches the client of a request.
   *
   * @param action what to do, once, when it has left
   * @return to be run when nobody needs to know any more
   */
  Runnable watch(Request request, Runnable action) {
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    if (!(endPoint instanceof SocketChannelEndPoint socket)
        || !(socket.getChannel() instanceof SocketChannel channel)) {
      return () -> {};
    }
    var key = new Object();
    waiting.put(key, new Waiting(channel, System.nanoTime(), action));
    return () -> waiting.remove(key);
  }

  @Override
  protected void doStart() throws Exception {
    var selector = Selector.open();
    thread = Thread.ofPlatform().daemon().name("departures").start(() -> run(selector));
  }

  @Override
  protected void doStop() {
    thread.interrupt();
  }

  private void run(Selector selector) {
    try (selector) {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(SOON);
        if (!waiting.isEmpty()) {
          look(selector);
        }
      }
    } catch (InterruptedException _) {
      // Stopped.
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  /** One look at all that wait; the channels stay in nobody's way afterwards. */
  private void look(Selector selector) throws IOException {
    var soon = System.nanoTime() - SOON.toNanos();
    for (var entry : waiting.entrySet()) {
      if (entry.getValue().since() < soon) {
        try {
          entry.getValue().channel().register(selector, SelectionKey.OP_READ, entry.getKey());
        } catch (ClosedChannelException | CancelledKeyException _) {
          leave(entry.getKey());
        }
      }
    }
    selector.selectNow(key -> {
      // There is something to read, and nothing: the end.
      if (available((SocketChannel) key.channel()) == 0) {
        leave(key.attachment());
      }
    });
    selector.keys().forEach(SelectionKey::cancel);
    selector.selectNow();
  }

  private static int available(SocketChannel channel) {
    try {
      return channel.socket().getInputStream().available();
    } catch (IOException _) {
      return 0;
    }
  }

  private void leave(Object key) {
    var left = waiting.remove(key);
    if (left != null) {
      left.action().run();
    }
  }
}
