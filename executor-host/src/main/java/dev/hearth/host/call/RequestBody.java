package dev.hearth.host.call;

import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** A request body that arrives in parts. Thread-safe: the monitor guards all mutable fields. */
final class RequestBody {

  static final int LARGEST = HostProtocol.LARGEST_BODY;

  private final Request request;
  private final Runnable onReadable;
  private long bytes;
  private boolean isRead;
  private boolean isDemanded;

  /**
   * Prepares to read the body of a request.
   *
   * @param onReadable runs when a part has arrived after {@link #next} returned null
   */
  RequestBody(Request request, Runnable onReadable) {
    this.request = request;
    this.onReadable = onReadable;
  }

  /** Thrown for a body beyond {@link HostProtocol#LARGEST_BODY}. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * Returns the next part as Latin-1: empty at the end, null if none has arrived yet.
   *
   * @throws IOException if the client has left
   */
  synchronized @Nullable String next() throws IOException {
    while (!isRead) {
      var chunk = request.read();
      if (chunk == null) {
        if (!isDemanded) {
          isDemanded = true;
          request.demand(this::readable);
        }
        return null;
      }
      if (Content.Chunk.isFailure(chunk)) {
        throw new IOException(chunk.getFailure());
      }
      isRead = chunk.isLast();
      var text = BufferUtil.toString(chunk.getByteBuffer(), StandardCharsets.ISO_8859_1);
      chunk.release();
      bytes += text.length();
      if (bytes > LARGEST) {
        isRead = true;
        throw new TooLargeException();
      }
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  private void readable() {
    synchronized (this) {
      isDemanded = false;
    }
    onReadable.run();
  }

  /** Returns true if {@link #next} returned null and nothing has arrived since. */
  synchronized boolean isAwaited() {
    return isDemanded;
  }
}
