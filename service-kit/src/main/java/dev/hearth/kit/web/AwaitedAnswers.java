package dev.hearth.kit.web;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
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
 * Notices clients that leave while they wait for an answer, and answers that take too long. Jetty
 * reads a connection only for the next request, so nobody would see its end before something is
 * written. A client that has said all it will say (a half-closed connection) counts as one that has
 * left. All calls are looked at by one task: one for each, made and cancelled, costs more.
 */
final class AwaitedAnswers extends ContainerLifeCycle {

  private static final Logger log = LoggerFactory.getLogger(AwaitedAnswers.class);

  /** Most calls are answered sooner and cost nothing here. */
  private static final Duration SOON = Duration.ofMillis(250);

  private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("answers", true);
  private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();

  private @Nullable Selector selector;

  /** An answer that somebody waits for. */
  final class Awaited {
    private final Optional<SocketChannel> channel;
    private final Runnable onLeft;
    private final Runnable onLate;
    private final long since = System.nanoTime();
    private final long limitNanos;
    private volatile boolean isBegun;

    private Awaited(
        Optional<SocketChannel> channel, Duration limit, Runnable onLeft, Runnable onLate) {
      this.channel = channel;
      this.limitNanos = limit.toNanos();
      this.onLeft = onLeft;
      this.onLate = onLate;
    }

    /** It is not late any more; the client may still leave. */
    void begun() {
      isBegun = true;
    }

    /** Nobody needs to know any more. */
    void ended() {
      awaited.remove(this);
    }

    private void leave() {
      if (awaited.remove(this)) {
        act(onLeft);
      }
    }

    private boolean lasts(long nanos) {
      return System.nanoTime() - since > nanos;
    }
  }

  AwaitedAnswers() {
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
            if (!awaited.isEmpty()) {
              look(opened);
            }
          } catch (IOException | RuntimeException failed) {
            log.atWarn().setCause(failed).log("calls not looked at");
          } finally {
            again(opened);
          }
        },
        SOON.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /**
   * Watches a call.
   *
   * @param onLeft what to do, once, when its client has left
   * @param onLate what to do, once, when the answer has not begun so long after now, or somewhat
   *     later
   */
  Awaited watch(Request request, Duration limit, Runnable onLeft, Runnable onLate) {
    var watched = new Awaited(channel(request), limit, onLeft, onLate);
    awaited.add(watched);
    return watched;
  }

  private static Optional<SocketChannel> channel(Request request) {
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    return endPoint instanceof SocketChannelEndPoint socket
            && socket.getChannel() instanceof SocketChannel channel
        ? Optional.of(channel)
        : Optional.empty();
  }

  /** One look at all that wait; the channels are in nobody's way afterwards. */
  private void look(Selector opened) throws IOException {
    for (var call : awaited) {
      if (!call.isBegun && call.lasts(call.limitNanos) && awaited.remove(call)) {
        act(call.onLate);
      } else if (call.channel.isPresent() && call.lasts(SOON.toNanos())) {
        try {
          call.channel.get().register(opened, SelectionKey.OP_READ, call);
        } catch (ClosedChannelException | CancelledKeyException _) {
          call.leave();
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
        ((Awaited) key.attachment()).leave();
      }
    });
    opened.keys().forEach(SelectionKey::cancel);
    opened.selectNow();
  }

  /** What goes wrong for one call is no reason to look at no other. */
  private static void act(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error failed) {
      log.atWarn().setCause(failed).log("call not ended");
    }
  }

  private static boolean isEmpty(SelectionKey key) {
    try {
      return ((SocketChannel) key.channel()).socket().getInputStream().available() == 0;
    } catch (IOException _) {
      return true;
    }
  }
}
