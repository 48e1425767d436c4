package dev.hearth.kit.web;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices clients that leave while they wait for an answer. Jetty reads a connection only for the
 * next request, so nobody would see its end before something is written. A client that has said all
 * it will say (a half-closed connection) counts as one that has left.
 */
final class Departures extends ContainerLifeCycle {

  private static final Logger log = LoggerFactory.getLogger(Departures.class);

  /** Most calls are answered sooner and cost nothing here. */
  private static final Duration SOON = Duration.ofMillis(250);

  private final ScheduledExecutorScheduler timer =
      new ScheduledExecutorScheduler("departures", true);
  private final Map<Object, Waiting> waiting = new ConcurrentHashMap<>();

  private @Nullable Selector selector;

  private record Waiting(SocketChannel channel, long since, Runnable action) {}

  Departures() {
    installBean(timer);
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var opened = Selector.open();
    selector = opened;
    again(opened);
  }

  @Override
  protected void doStop() throws Exception {
    super.doStop();
    IO.close(selector);
  }

  private void again(Selector opened) {
    timer.schedule(
        () -> {
          try {
            if (!waiting.isEmpty()) {
              look(opened);
            }
          } catch (IOException | RuntimeException failed) {
            log.atWarn().setCause(failed).log("clients not looked at");
          }
          again(opened);
        },
        SOON.toMillis(),
        TimeUnit.MILLISECONDS);
  }

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

  /** One look at all that wait; the channels are in nobody's way afterwards. */
  private void look(Selector opened) throws IOException {
    var soon = System.nanoTime() - SOON.toNanos();
    for (var entry : waiting.entrySet()) {
      if (entry.getValue().since() < soon) {
        try {
          entry.getValue().channel().register(opened, SelectionKey.OP_READ, entry.getKey());
        } catch (ClosedChannelException | CancelledKeyException _) {
          leave(entry.getKey());
        }
      }
    }
    var suspects = new HashSet<SelectionKey>();
    opened.selectNow(key -> {
      if (isEmpty(key)) {
        suspects.add(key);
      }
    });
    // Readable, and nothing to read: the end, unless Jetty has just read it.
    opened.selectNow(key -> {
      if (suspects.contains(key) && isEmpty(key)) {
        leave(key.attachment());
      }
    });
    opened.keys().forEach(SelectionKey::cancel);
    opened.selectNow();
  }

  private static boolean isEmpty(SelectionKey key) {
    try {
      return ((SocketChannel) key.channel()).socket().getInputStream().available() == 0;
    } catch (IOException _) {
      return true;
    }
  }

  private void leave(Object key) {
    var left = waiting.remove(key);
    if (left != null) {
      left.action().run();
    }
  }
}
