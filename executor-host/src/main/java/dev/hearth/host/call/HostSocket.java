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
 * The WebSocket that an exchange has become: one message is read ahead of the code, and the code
 * waits when it sends faster than the client takes. The monitor guards everything. Public for Jetty
 * alone, which looks its methods up.
 */
public final class HostSocket implements Session.Listener {

  /** Bytes that may wait for the client before the code does. */
  private static final int ENOUGH = 256 << 10;

  private final Runnable progress;
  private final Runnable gone;
  private final Deque<String> received = new ArrayDeque<>();
  private @Nullable Session session;
  private @Nullable Integer closeWanted;
  private int waitingBytes;
  private long lastAt = System.nanoTime();

  /**
   * Prepares.
   *
   * @param progress there is a message, or room for one
   * @param gone the code sends though the client has left
   */
  HostSocket(Runnable progress, Runnable gone) {
    this.progress = progress;
    this.gone = gone;
  }

  /** What happened next: {@code t} and a text, {@code b} and Latin-1, {@code c} and a code. */
  synchronized @Nullable String receive() {
    var next = received.poll();
    var open = session;
    if (next != null && open != null) {
      open.demand();
    }
    return next;
  }

  /** Whether messages can be sent; there is progress when they can. */
  synchronized boolean isOpen() {
    return session != null;
  }

  /** Sends a message; whether another one may follow at once. */
  synchronized boolean send(boolean isText, byte[] content) {
    var open = session;
    if (open == null || !open.isOpen()) {
      // The code has waited until it was open.
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

  /** Nanoseconds since a message went either way. */
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
