package dev.hearth.host.call;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * The WebSocket of an exchange. It reads one message ahead of the code, and makes the code wait if
 * the client receives too slowly. Thread-safe: the monitor guards all mutable fields. Public only
 * because Jetty finds the methods by reflection.
 */
public final class HostSocket implements Session.Listener {

  /** Greatest number of bytes queued for the client while the code need not wait. */
  private static final int ENOUGH = 256 << 10;

  private final Runnable progress;
  private final Runnable gone;
  private final Deque<String> received = new ArrayDeque<>();
  private @Nullable Session session;
  private @Nullable Integer closeWanted;
  private int waitingBytes;
  private long lastAt = System.nanoTime();

  /**
   * Prepares a WebSocket that is not open yet.
   *
   * @param progress runs when a message has arrived or may be sent again
   * @param gone runs when the code sends after the client has left
   */
  HostSocket(Runnable progress, Runnable gone) {
    this.progress = progress;
    this.gone = gone;
  }

  /**
   * Returns the next event or null: {@code t} and a text, {@code b} and bytes as Latin-1, or {@code
   * c} and the code of a close.
   */
  synchronized @Nullable String receive() {
    var next = received.poll();
    var open = session;
    if (next != null && open != null) {
      open.demand();
    }
    return next;
  }

  /** Returns true if the WebSocket is open; {@code progress} runs when it opens. */
  synchronized boolean isOpen() {
    return session != null;
  }

  /** Sends a message; returns true if the next one may follow at once. */
  synchronized boolean send(boolean isText, byte[] content) {
    var open = session;
    if (open == null || !open.isOpen()) {
      // Code sends only once the WebSocket has opened, so the client has left.
      gone.run();
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
      progress.run();
    }
  }

  synchronized void close(int code, String reason) {
    var open = session;
    if (open == null) {
      closeWanted = code;
    } else {
      open.close(code, reason, Callback.NOOP);
    }
  }

  /** Returns the nanoseconds since the last message in either direction. */
  synchronized long quietFor() {
    return System.nanoTime() - lastAt;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    @Nullable Integer wanted;
    synchronized (this) {
      session = opened;
      lastAt = System.nanoTime();
      wanted = closeWanted;
    }
    if (wanted == null) {
      opened.demand();
      progress.run();
    } else {
      opened.close(wanted, "", Callback.NOOP);
    }
  }

  @Override
  public void onWebSocketText(String text) {
    add("t" + text);
  }

  @Override
  public void onWebSocketBinary(ByteBuffer content, Callback callback) {
    add("b" + BufferUtil.toString(content, StandardCharsets.ISO_8859_1));
    callback.succeed();
  }

  @Override
  public void onWebSocketClose(int code, String reason, Callback callback) {
    add("c" + code);
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable failure) {
    add("c" + StatusCode.ABNORMAL);
  }

  private void add(String what) {
    synchronized (this) {
      received.add(what);
      lastAt = System.nanoTime();
    }
    progress.run();
  }
}
