package dev.hearth.kit.web;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * Connects two WebSockets: each sends the messages that the other receives. Public, because Jetty
 * finds its methods by reflection.
 */
public final class WebSocketPair {

  private final Runnable end;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Side onwards = new Side();
  private final Side back = new Side();

  WebSocketPair(Runnable end) {
    this.end = end;
    onwards.other = back;
    back.other = onwards;
  }

  Session.Listener onwards() {
    return onwards;
  }

  Session.Listener back() {
    return back;
  }

  /** Returns the subprotocol that the function chose; blocks until the function accepts. */
  Optional<String> protocol() {
    return Optional.ofNullable(onwards.session.join().getUpgradeResponse().getAcceptedSubProtocol())
        .filter(name -> !name.isEmpty());
  }

  /** Closes both sides, including one that opens later. */
  void close() {
    onwards.close(StatusCode.SERVER_ERROR, "");
    ended();
  }

  private void ended() {
    if (ended.compareAndSet(false, true)) {
      end.run();
    }
  }

  /**
   * One of the two WebSockets. It reads the next message when the other side has sent the previous
   * one.
   */
  public final class Side implements Session.Listener {

    private final CompletableFuture<Session> session = new CompletableFuture<>();
    private Side other = this;

    private Side() {}

    @Override
    public void onWebSocketOpen(Session opened) {
      session.complete(opened);
      var _ = other.session.thenRun(opened::demand);
    }

    @Override
    public void onWebSocketText(String text) {
      var _ = other.session.thenAccept(to -> to.sendText(text, sent(Callback.NOOP)));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer content, Callback callback) {
      var _ = other.session.thenAccept(to -> to.sendBinary(content, sent(callback)));
    }

    private Callback sent(Callback received) {
      return Callback.from(
          () -> {
            received.succeed();
            session.join().demand();
          },
          failure -> {
            received.fail(failure);
            close(StatusCode.SERVER_ERROR, "");
          });
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
      // Jetty's isTransmittable rejects the codes that applications define.
      var isSendable = code != StatusCode.NO_CODE && code != StatusCode.NO_CLOSE;
      var instead = code == StatusCode.NO_CODE ? StatusCode.NORMAL : StatusCode.SERVER_ERROR;
      other.close(isSendable ? code : instead, reason);
      ended();
      callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable failure) {
      other.close(StatusCode.SERVER_ERROR, "");
    }

    private void close(int code, String reason) {
      var _ = session.thenAccept(open -> open.close(code, reason, Callback.NOOP));
    }
  }
}
