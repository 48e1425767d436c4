package dev.hearth.host.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.junit.jupiter.api.Test;

class HostSocketTest {

  private final HostSocket socket =
      new HostSocket(
          new HostSocket.Listener() {
            @Override
            public void progress() {}

            @Override
            public void gone() {}

            @Override
            public void ponged() {}

            @Override
            public void log(String line) {}
          });

  @Test
  void tellsTheCodeOfACloseWithoutReason() {
    socket.onWebSocketClose(StatusCode.NORMAL, null, Callback.NOOP);

    assertThat(socket.receive()).isEqualTo("c1000 ");
  }

  @Test
  void tellsCodeAndReasonOfTheFirstClose() {
    socket.onWebSocketClose(4001, "see you", Callback.NOOP);
    socket.onWebSocketClose(4002, "", Callback.NOOP);

    assertThat(socket.receive()).isEqualTo("c4001 see you");
    assertThat(socket.receive()).isNull();
  }
}
