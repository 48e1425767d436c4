package dev.hearth.host.call;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer that leaves in parts, one after the other. Thread-safe; the monitor guards everything
 * that changes.
 */
final class ResponseBody {

  /** Bytes that may wait for the client before the code does. */
  private static final int ENOUGH = 256 << 10;

  private final Response response;
  private final Runnable onRoom;
  private final Runnable onSent;
  private final Runnable onGone;
  private final Deque<Part> parts = new ArrayDeque<>();
  private int waitingBytes;
  private boolean isWriting;

  private record Part(ByteBuffer content, boolean last) {}

  /**
   * Of a response.
   *
   * @param onRoom there is room for more after there was none
   * @param onSent the last part has left
   * @param onGone the client does not take any more
   */
  ResponseBody(Response response, Runnable onRoom, Runnable onSent, Runnable onGone) {
    this.response = response;
    this.onRoom = onRoom;
    this.onSent = onSent;
    this.onGone = onGone;
  }

  synchronized void add(ByteBuffer content, boolean last) {
    parts.add(new Part(content, last));
    waitingBytes += content.remaining();
    write();
  }

  /** Whether enough waits for the client. */
  synchronized boolean isFull() {
    return waitingBytes > ENOUGH;
  }

  /** Forgets what has not left. */
  synchronized void clear() {
    parts.clear();
    waitingBytes = 0;
  }

  private void write() {
    if (isWriting || parts.isEmpty()) {
      return;
    }
    isWriting = true;
    var part = parts.remove();
    var bytes = part.content().remaining();
    response.write(
        part.last(),
        part.content(),
        Callback.from(() -> written(bytes, part.last()), _ -> onGone.run()));
  }

  private void written(int bytes, boolean last) {
    if (last) {
      onSent.run();
      return;
    }
    boolean isRoom;
    synchronized (this) {
      isWriting = false;
      var wasFull = isFull();
      waitingBytes -= bytes;
      isRoom = wasFull && !isFull();
      write();
    }
    if (isRoom) {
      onRoom.run();
    }
  }
}
