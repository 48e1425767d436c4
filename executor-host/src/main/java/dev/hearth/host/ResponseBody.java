package dev.hearth.host;

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
  private final Listener listener;
  private final Deque<Part> parts = new ArrayDeque<>();
  private int waitingBytes;
  private boolean isWriting;

  private record Part(ByteBuffer content, boolean last) {}

  /** What becomes of the parts. */
  interface Listener {
    /** There is room for more after there was none. */
    void room();

    /** The last one has left. */
    void sent();

    /** The client does not take any more. */
    void gone();
  }

  ResponseBody(Response response, Listener listener) {
    this.response = response;
    this.listener = listener;
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
        Callback.from(() -> written(bytes, part.last()), _ -> listener.gone()));
  }

  private void written(int bytes, boolean last) {
    if (last) {
      listener.sent();
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
      listener.room();
    }
  }
}
