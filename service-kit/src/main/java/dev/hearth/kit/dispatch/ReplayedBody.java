package dev.hearth.kit.dispatch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.client.Request.Content;
import org.eclipse.jetty.io.Content.Chunk;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.jspecify.annotations.Nullable;

/**
 * A streamed body whose beginning is kept, so that the body can be sent again after a node refused
 * the call. A body that has sent more than the kept part cannot be repeated. Used by one attempt at
 * a time.
 */
final class ReplayedBody implements Content {

  /** Largest number of bytes that are kept. */
  private static final int LARGEST = 64 << 10;

  private final Request request;
  private final Content source;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private @Nullable ByteBuffer replayed;
  private boolean isComplete = true;
  private boolean isLast;
  private volatile boolean isAwaited;

  ReplayedBody(Request request, Content source) {
    this.request = request;
    this.source = source;
  }

  /** Returns true if everything sent so far is kept and no read is pending. */
  boolean isRepeatable() {
    return isComplete && !isAwaited;
  }

  /** Rewinds to the beginning; the rest follows as the client sends it. */
  ReplayedBody again() {
    replayed = ByteBuffer.wrap(kept.toByteArray());
    return this;
  }

  @Override
  public @Nullable Chunk read() {
    var again = replayed;
    if (again != null) {
      replayed = null;
      if (again.hasRemaining()) {
        return Chunk.from(again, isLast);
      }
    }
    if (isLast) {
      return Chunk.EOF;
    }
    var chunk = source.read();
    if (chunk != null && !Chunk.isFailure(chunk)) {
      keep(chunk);
    }
    return chunk;
  }

  private void keep(Chunk chunk) {
    isLast = chunk.isLast();
    isComplete &= kept.size() + chunk.remaining() <= LARGEST;
    if (isComplete && chunk.hasRemaining()) {
      kept.writeBytes(BufferUtil.toArray(chunk.getByteBuffer().slice()));
    }
  }

  @Override
  public void demand(Runnable demanded) {
    if (replayed != null || isLast) {
      demanded.run();
    } else {
      isAwaited = true;
      source.demand(() -> {
        isAwaited = false;
        demanded.run();
      });
    }
  }

  @Override
  public void fail(Throwable failure) {
    // The rest of the body is still needed if the call goes to another node.
    if (!isComplete) {
      source.fail(failure);
    }
  }

  @Override
  public long getLength() {
    return request.getLength();
  }

  @Override
  public String getContentType() {
    return source.getContentType();
  }

  @Override
  public boolean rewind() {
    return false;
  }
}
