package dev.hearth.host.call;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** A response body that is written in parts. Thread-safe: the monitor guards all mutable fields. */
final class ResponseBody {

  /** Greatest number of bytes queued for the client while the code need not wait. */
  private static final int ENOUGH = 256 << 10;

  private final Response response;
  private final Runnable onRoom;
  private final Runnable onSent;
  private final Runnable onGone;
  private final Deque<Part> parts = new ArrayDeque<>();
  private int waitingBytes;
  private boolean isWriting;
  private boolean isBroken;

  private record Part(ByteBuffer content, boolean last) {}

  /**
   * Prepares to write the body of a response.
   *
   * @param onRoom runs when the queue has room again after it was full
   * @param onSent runs when the last part was sent
   * @param onGone runs when the client has left, or the answer was broken off
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

  /** Returns true if the code should wait before it adds more. */
  synchronized boolean isFull() {
    return waitingBytes > ENOUGH;
  }

  /** Breaks the answer off when the parts before have been sent. */
  synchronized void breakOff() {
    isBroken = true;
    write();
  }

  /** Drops the parts that have not been sent. */
  synchronized void clear() {
    parts.clear();
    waitingBytes = 0;
  }

  private void write() {
    if (isWriting) {
      return;
    }
    if (parts.isEmpty()) {
      if (isBroken) {
        onGone.run();
      }
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
