package dev.hearth.kit.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.IteratingCallback;
import org.jspecify.annotations.Nullable;

/**
 * One hop of a WebSocket after the function has accepted it: passes bytes between two connections
 * without reading them. So the handshake, extensions, pings and closes are between the client and
 * the function's host. Both connections end together.
 */
final class Tunnel implements HttpUpgrader {

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Accepted accepted;
  private final AtomicBoolean isOver = new AtomicBoolean();

  /** Prepares the answer to the client before it is sent. */
  interface Accepted {

    /**
     * Adds the headers of the next hop's answer.
     *
     * @return runs once when the WebSocket has ended
     */
    Runnable answer(org.eclipse.jetty.client.Response answer);
  }

  Tunnel(Request request, Response response, Callback callback, Accepted accepted) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.accepted = accepted;
  }

  @Override
  public void prepare(org.eclipse.jetty.client.Request next) {
    // The client's own handshake is sent.
  }

  @Override
  public void upgrade(
      org.eclipse.jetty.client.Response answer, EndPoint nextHop, Callback upgraded) {
    var end = accepted.answer(answer);
    var onwards = new Side(nextHop, end);
    var back = new Side(request.getConnectionMetaData().getConnection().getEndPoint(), end);
    onwards.other = back;
    back.other = onwards;
    // The client's connection opens last, when the answer to its handshake has been sent.
    back.whenOpen =
        () -> {
          back.pipe.iterate();
          onwards.pipe.iterate();
        };
    nextHop.upgrade(onwards);
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, back);
    response.write(
        true,
        BufferUtil.EMPTY_BUFFER,
        Callback.from(
            callback::succeeded,
            failure -> {
              back.over();
              callback.failed(failure);
            }));
    upgraded.succeeded();
  }

  /** One of the two connections; its bytes go to the other one. */
  private final class Side extends AbstractConnection.NonBlocking implements Connection.UpgradeTo {

    private static final int BUFFER = 16 << 10;

    private final ByteBufferPool buffers = request.getComponents().getByteBufferPool();
    private final Runnable end;
    private final Pipe pipe = new Pipe();
    private Side other = this;
    private Runnable whenOpen = () -> {};
    private @Nullable ByteBuffer early;

    Side(EndPoint endPoint, Runnable end) {
      super(endPoint, request.getConnectionMetaData().getConnector().getExecutor());
      this.end = end;
      endPoint.setIdleTimeout(0);
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
      early = BufferUtil.copy(buffer);
    }

    @Override
    public void onOpen() {
      super.onOpen();
      whenOpen.run();
    }

    @Override
    public void onFillable() {
      pipe.iterate();
    }

    @Override
    public void onFillInterestedFailed(Throwable cause) {
      over();
    }

    @Override
    public void onClose(@Nullable Throwable cause) {
      super.onClose(cause);
      over();
    }

    private void over() {
      if (isOver.compareAndSet(false, true)) {
        getEndPoint().close();
        other.getEndPoint().close();
        end.run();
      }
    }

    /** Moves what arrives; reads on when the other connection has taken it. */
    private final class Pipe extends IteratingCallback {

      private RetainableByteBuffer.@Nullable Mutable buffer;

      @Override
      protected Action process() throws IOException {
        var first = early;
        if (first != null) {
          early = null;
          other.getEndPoint().write(this, first);
          return Action.SCHEDULED;
        }
        var taken = buffers.acquire(BUFFER, true);
        var filled = getEndPoint().fill(taken.getByteBuffer());
        if (filled > 0) {
          buffer = taken;
          other.getEndPoint().write(this, taken.getByteBuffer());
          return Action.SCHEDULED;
        }
        taken.release();
        if (filled < 0) {
          return Action.SUCCEEDED;
        }
        fillInterested();
        return Action.IDLE;
      }

      @Override
      protected void onSuccess() {
        release();
      }

      @Override
      protected void onCompleteSuccess() {
        over();
      }

      @Override
      protected void onCompleteFailure(Throwable cause) {
        release();
        over();
      }

      private void release() {
        var written = buffer;
        if (written != null) {
          buffer = null;
          written.release();
        }
      }
    }
  }
}
