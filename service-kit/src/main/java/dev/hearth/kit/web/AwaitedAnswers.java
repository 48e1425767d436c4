package dev.hearth.kit.web;

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
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
 * Detects clients that disconnect before the answer, and answers that are late. Jetty reads a
 * connection only for the next request, so it notices a disconnect only when it writes. A
 * half-closed connection counts as a disconnect. One task polls all calls, because a timer for each
 * call would cost more.
 */
final class AwaitedAnswers extends ContainerLifeCycle {

  private static final Logger log = LoggerFactory.getLogger(AwaitedAnswers.class);

  /** Interval between two polls. Calls that are answered sooner cost nothing. */
  private static final Duration SOON = Duration.ofMillis(250);

  private final ScheduledExecutorScheduler timer = new ScheduledExecutorScheduler("answers", true);
  private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();

  private @Nullable Selector selector;

  /** A call whose answer is not complete. */
  final class Awaited {
    private final Optional<SocketChannel> channel;
    private final OnLeft onLeft;
    private final Runnable onLate;
    private final long since = System.nanoTime();
    private final long limitNanos;
    private volatile boolean isBegun;
    private volatile boolean hasLeft;

    private Awaited(
        Optional<SocketChannel> channel, Duration limit, OnLeft onLeft, Runnable onLate) {
      this.channel = channel;
      this.limitNanos = limit.toNanos();
      this.onLeft = onLeft;
      this.onLate = onLate;
    }

    /**
     * Records that the answer has begun. It can no longer be late, but the client may still
     * disconnect.
     */
    void begun() {
      isBegun = true;
    }

    /** Returns true if the client has disconnected and the call goes on. */
    boolean hasLeft() {
      return hasLeft;
    }

    /** Ends the watch. */
    void ended() {
      awaited.remove(this);
    }

    private void leave() {
      if (!awaited.contains(this)) {
        return;
      }
      act(() -> {
        hasLeft = onLeft.goesOn(isBegun);
        if (!hasLeft) {
          awaited.remove(this);
        }
      });
    }

    private boolean lasts(long nanos) {
      return System.nanoTime() - since > nanos;
    }
  }

  /** Decides about a call whose client has disconnected. */
  interface OnLeft {
    /** Returns true if the call goes on; else has ended it. */
    boolean goesOn(boolean isBegun);
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
            // Top of the loop: the watch must not end.
            log.atWarn().setCause(failed).log("calls not watched");
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
   * @param onLeft called once when the client has disconnected
   * @param onLate called once if the answer has not begun within the limit, at most one interval
   *     later
   */
  Awaited watch(Request request, Duration limit, OnLeft onLeft, Runnable onLate) {
    var watched = new Awaited(channel(request), limit, onLeft, onLate);
    awaited.add(watched);
    return watched;
  }

  private static Optional<SocketChannel> channel(Request request) {
    var endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    return endPoint instanceof SocketChannelEndPoint socket
        ? Optional.ofNullable(socket.getChannel())
        : Optional.empty();
  }

  /** Polls all calls once and unregisters their channels. */
  private void look(Selector opened) throws IOException {
    for (var call : List.copyOf(awaited)) {
      if (!call.isBegun && call.lasts(call.limitNanos) && awaited.remove(call)) {
        act(call.onLate);
      } else if (call.channel.isPresent() && !call.hasLeft && call.lasts(SOON.toNanos())) {
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
    // Readable without content means that the connection ended, unless Jetty just read the content.
    opened.selectNow(key -> {
      if (suspects.contains(key) && isEmpty(key)) {
        ((Awaited) key.attachment()).leave();
      }
    });
    opened.keys().forEach(SelectionKey::cancel);
    opened.selectNow();
  }

  /** Runs an action. Logs its failure, so that other calls are still watched. */
  private static void act(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error failed) {
      // One call's callback must not keep others from being ended.
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
