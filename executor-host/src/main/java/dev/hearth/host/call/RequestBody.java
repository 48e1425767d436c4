package dev.hearth.host.call;

import dev.hearth.contracts.host.HostProtocol;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/** A request body that arrives in parts. Thread-safe: the monitor guards all mutable fields. */
final class RequestBody {

  static final int LARGEST = HostProtocol.LARGEST_BODY;

  /** Size from which a part is not joined with the next one, although more has arrived. */
  private static final int PART = 256 << 10;

  private final Request request;
  private final Runnable onReadable;
  private long bytes;
  private boolean isRead;
  private boolean isDemanded;
  private @Nullable Runnable onDiscarded;

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
    var part = new ByteArrayOutputStream(0);
    while (!isRead && part.size() < PART) {
      var chunk = request.read();
      if (chunk == null) {
        if (part.size() > 0) {
          break;
        }
        if (!isDemanded) {
          isDemanded = true;
          request.demand(this::readable);
        }
        return null;
      }
      if (Content.Chunk.isFailure(chunk)) {
        if (part.size() > 0) {
          // The next read fails again.
          break;
        }
        throw new IOException(chunk.getFailure());
      }
      isRead = chunk.isLast();
      bytes += chunk.remaining();
      part.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
      chunk.release();
      if (bytes > LARGEST) {
        isRead = true;
        throw new TooLargeException();
      }
    }
    return part.toString(StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads what the code did not, because a client that still sends would not see an early answer if
   * the connection broke.
   *
   * @param onEnd runs when the body has ended, failed or become too large
   */
  void discard(Runnable onEnd) {
    synchronized (this) {
      // A client that waits for 100 Continue sends nothing.
      var isWaiting = request.getHeaders().contains(HttpHeader.EXPECT);
      while (!isRead && !isWaiting && bytes <= LARGEST) {
        if (isDemanded) {
          onDiscarded = onEnd;
          return;
        }
        var chunk = request.read();
        if (chunk == null) {
          isDemanded = true;
          request.demand(this::readable);
        } else {
          isRead = chunk.isLast() || Content.Chunk.isFailure(chunk);
          bytes += chunk.remaining();
          chunk.release();
        }
      }
    }
    onEnd.run();
  }

  private void readable() {
    Runnable discarding;
    synchronized (this) {
      isDemanded = false;
      discarding = onDiscarded;
      onDiscarded = null;
    }
    if (discarding == null) {
      onReadable.run();
    } else {
      discard(discarding);
    }
  }

  /** Returns true if {@link #next} returned null and nothing has arrived since. */
  synchronized boolean isAwaited() {
    return isDemanded;
  }
}
