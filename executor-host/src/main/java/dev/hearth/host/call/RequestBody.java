package dev.hearth.host.call;

import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** A body that comes in parts. Thread-safe; the monitor guards everything that changes. */
final class RequestBody {

  static final int LARGEST = HostProtocol.LARGEST_BODY;

  private final Request request;
  private final Runnable onReadable;
  private long bytes;
  private boolean isRead;
  private boolean isDemanded;

  /** Of a request; calls back when there is more after there was none. */
  RequestBody(Request request, Runnable onReadable) {
    this.request = request;
    this.onReadable = onReadable;
  }

  /** There is more than a body may have. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * The next part as Latin-1, empty at the end, null while there is no more.
   *
   * @throws IOException when the client has gone
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

  /** Whether somebody was told that there is no more yet, and there still is none. */
  synchronized boolean isAwaited() {
    return isDemanded;
  }
}
