package dev.hearth.host.call;

import dev.hearth.contracts.host.HostProtocol;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.api.exceptions.MessageTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket of an exchange. It reads some messages ahead of the code, and makes the code wait
 * if the client receives too slowly. It pings the client, so that a WebSocket without messages
 * stays open as long as both the client and the code live. Thread-safe: the monitor guards all
 * mutable fields. Public only because Jetty finds the methods by reflection.
 */
public final class HostSocket implements Session.Listener {

  /** Greatest number of bytes queued for the client while the code need not wait. */
  private static final int ENOUGH = 256 << 10;

  /** Number of unread messages beyond which no more are read. */
  private static final int MOST_AHEAD = 32;

  /** Longest time between two pings, as in other servers. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

  /** Number of pings within the time limit. */
  private static final int PINGS = 3;

  /** Longest reason of a close, in bytes (RFC 6455, 5.5). */
  private static final int LONGEST_REASON = 123;

  private final Listener listener;
  private final Deque<String> received = new ArrayDeque<>();
  private @Nullable Session session;
  private @Nullable Close wanted;
  private boolean isClosed;
  private boolean isDemanded;
  private int waitingCharacters;
  private int waitingBytes;
  private long lastAt = System.nanoTime();
  private boolean isPongAwaited;

  /** Receives what happens to a WebSocket. */
  interface Listener {
    /** A message has arrived or may be sent again. */
    void progress();

    /** The code sends after the client has left. */
    void gone();

    /** The client has answered a ping. */
    void ponged();

    /** The function's log should have a line. */
    void log(String line);
  }

  /** Code and reason of a close. */
  private record Close(int code, String reason) {}

  HostSocket(Listener listener) {
    this.listener = listener;
  }

  /**
   * Pings the client from now on, and closes the WebSocket when a ping is not answered before the
   * next one.
   *
   * @param limit the function's time limit, within which there are several pings
   */
  public void keepAlive(Scheduler scheduler, Duration limit) {
    var third = limit.dividedBy(PINGS);
    var pause = third.compareTo(LONGEST_PAUSE) < 0 ? third : LONGEST_PAUSE;
    scheduler.schedule(() -> ping(scheduler, pause), pause);
  }

  private void ping(Scheduler scheduler, Duration pause) {
    Session open;
    boolean isSilent;
    synchronized (this) {
      open = session;
      isSilent = isDemanded && isPongAwaited;
      isPongAwaited = open != null;
      if (isClosed || (open != null && !open.isOpen())) {
        return;
      }
    }
    if (open != null && isSilent) {
      closed(StatusCode.NO_CLOSE, "");
      open.close(
          StatusCode.SHUTDOWN,
          "no answer to pings",
          Callback.from(open::disconnect, _ -> open.disconnect()));
      return;
    }
    if (open != null) {
      open.sendPing(BufferUtil.EMPTY_BUFFER, Callback.NOOP);
    }
    scheduler.schedule(() -> ping(scheduler, pause), pause);
  }

  /**
   * Returns the next event or null: {@code t} and a text, {@code b} and bytes as Latin-1, or {@code
   * c}, the code of a close, a space and its reason.
   */
  synchronized @Nullable String receive() {
    var next = received.poll();
    if (next != null) {
      waitingCharacters -= next.length();
      demand();
    }
    return next;
  }

  /** Reads on unless the code has enough to read. The monitor must be held. */
  private void demand() {
    var open = session;
    if (open != null && !isDemanded && received.size() < MOST_AHEAD && waitingCharacters < ENOUGH) {
      isDemanded = true;
      open.demand();
    }
  }

  private synchronized void read() {
    isDemanded = false;
    demand();
  }

  /** Returns true if the WebSocket is open; {@link Listener#progress} runs when it opens. */
  synchronized boolean isOpen() {
    return session != null;
  }

  /** Sends a message; returns true if the next one may follow at once. */
  synchronized boolean send(boolean isText, byte[] content) {
    var open = session;
    if (open == null || !open.isOpen()) {
      // Code sends only once the WebSocket has opened, so the client has left.
      listener.gone();
      return true;
    }
    lastAt = System.nanoTime();
    waitingBytes += content.length;
    var sent = Callback.from(() -> sent(content.length), _ -> sent(content.length));
    if (isText) {
      open.sendText(new String(content, StandardCharsets.UTF_8), sent);
    } else {
      open.sendBinary(ByteBuffer.wrap(content), sent);
    }
    return waitingBytes <= ENOUGH;
  }

  private void sent(int bytes) {
    boolean isRoom;
    synchronized (this) {
      var was = waitingBytes;
      waitingBytes -= bytes;
      isRoom = was > ENOUGH && waitingBytes <= ENOUGH;
    }
    if (isRoom) {
      listener.progress();
    }
  }

  /** Closes the WebSocket; a reason that is too long is cut. */
  synchronized void close(int code, String reason) {
    var close = new Close(code, cut(reason));
    var open = session;
    if (open == null) {
      wanted = close;
    } else {
      open.close(close.code(), close.reason(), Callback.NOOP);
    }
  }

  private static String cut(String reason) {
    var end = reason.length();
    while (reason.substring(0, end).getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
      end = reason.offsetByCodePoints(end, -1);
    }
    return reason.substring(0, end);
  }

  /**
   * Returns the nanoseconds since the last sign of life: a message in either direction, or an
   * answer to a ping that the code's event loop has noticed.
   */
  synchronized long quietFor() {
    return System.nanoTime() - lastAt;
  }

  /** Records that the code's event loop runs and that the client answers. */
  public synchronized void alive() {
    lastAt = System.nanoTime();
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    @Nullable Close close;
    synchronized (this) {
      session = opened;
      lastAt = System.nanoTime();
      close = wanted;
      if (close == null) {
        demand();
      }
    }
    if (close == null) {
      listener.progress();
    } else {
      opened.close(close.code(), close.reason(), Callback.NOOP);
    }
  }

  @Override
  public void onWebSocketText(String text) {
    add("t" + text);
    read();
  }

  @Override
  public void onWebSocketBinary(ByteBuffer content, Callback callback) {
    add("b" + BufferUtil.toString(content, StandardCharsets.ISO_8859_1));
    callback.succeed();
    read();
  }

  @Override
  public void onWebSocketPong(ByteBuffer content) {
    synchronized (this) {
      isPongAwaited = false;
    }
    read();
    listener.ponged();
  }

  @Override
  public void onWebSocketClose(int code, @Nullable String reason, Callback callback) {
    closed(code, reason == null ? "" : reason);
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable failure) {
    if (failure instanceof MessageTooLargeException) {
      listener.log(
          "A WebSocket message has more than %d MiB. The connection was closed with 1009; send smaller messages."
              .formatted(HostProtocol.LARGEST_MESSAGE >> 20));
      closed(StatusCode.MESSAGE_TOO_LARGE, "");
    } else {
      closed(StatusCode.NO_CLOSE, "");
    }
  }

  private void closed(int code, String reason) {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    add("c" + code + " " + reason);
  }

  private void add(String what) {
    synchronized (this) {
      received.add(what);
      waitingCharacters += what.length();
      lastAt = System.nanoTime();
      isPongAwaited = false;
    }
    listener.progress();
  }
}
