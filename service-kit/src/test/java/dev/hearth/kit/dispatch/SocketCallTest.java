package dev.hearth.kit.dispatch;

import static dev.hearth.kit.dispatch.TestRoutes.FUNCTION;
import static dev.hearth.kit.dispatch.TestRoutes.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.kit.dispatch.Invocation.Origin;
import dev.hearth.kit.web.Problems;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests WebSockets through a gateway to fake nodes. */
class SocketCallTest {

  private final TestRoutes routes = new TestRoutes();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> servers = new ArrayList<>();

  /** Echoes texts. Public, because Jetty finds its methods by reflection. */
  public static final class Echo implements Session.Listener.AutoDemanding {
    private final CompletableFuture<Session> session = new CompletableFuture<>();

    @Override
    public void onWebSocketOpen(Session opened) {
      session.complete(opened);
    }

    @Override
    public void onWebSocketText(String text) {
      session.join().sendText("echo " + text, org.eclipse.jetty.websocket.api.Callback.NOOP);
    }
  }

  private TestServer node(Request.Handler handler) throws Exception {
    var server = TestServer.node(handler);
    servers.add(server);
    return server;
  }

  private TestServer echoing() throws Exception {
    return node((request, response, callback) -> {
      var server = request.getConnectionMetaData().getConnector().getServer();
      return ServerWebSocketContainer.ensure(server)
          .upgrade((_, _, _) -> new Echo(), request, response, callback);
    });
  }

  private TestServer moved() throws Exception {
    return node((request, response, callback) -> {
      Problems.writeNotBegun(request, response, callback, "moved");
      return true;
    });
  }

  private WebSocket.Builder builder() {
    return http.newWebSocketBuilder();
  }

  private URI gateway() throws Exception {
    var patience = new Patience(Duration.ofMillis(300), Duration.ofSeconds(10));
    var client = new FunctionClient(routes, new NearNodes(), "a secret that is long", patience);
    var server =
        new TestServer(
            new TestGateway(
                client,
                (request, response, callback) -> {
                  var invocation =
                      new Invocation(
                          UUID.randomUUID(),
                          FUNCTION,
                          CallKind.SOCKET,
                          "/f",
                          "/",
                          Origin.of(request));
                  client.forward(invocation, System.nanoTime(), request, response, callback);
                  return true;
                }));
    servers.add(server);
    return URI.create("ws://127.0.0.1:" + server.port() + "/");
  }

  @AfterEach
  void stop() throws Exception {
    for (var server : servers.reversed()) {
      server.close();
    }
    http.shutdownNow();
  }

  private String echoed() throws Exception {
    var received = new CompletableFuture<String>();
    var listener =
        new WebSocket.Listener() {
          @Override
          public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            received.complete(data.toString());
            return WebSocket.Listener.super.onText(socket, data, last);
          }
        };
    var socket = builder().buildAsync(gateway(), listener).join();
    var _ = socket.sendText("tea", true);
    var text = received.join();
    socket.abort();
    return text;
  }

  @Test
  void forwardsMessagesInBothDirections() throws Exception {
    routes.publish(Duration.ofSeconds(10), at(echoing().port()));

    assertThat(echoed()).isEqualTo("echo tea");
  }

  @Test
  void goesToAnotherPlacementWhenTheFirstHasEnded() throws Exception {
    var gone = moved().port();
    routes.publish(Duration.ofSeconds(10), at(gone), at(gone), at(gone), at(echoing().port()));

    assertThat(echoed()).isEqualTo("echo tea");
  }

  @Test
  void answersTheHandshakeWithTheNodesRefusal() throws Exception {
    routes.publish(
        Duration.ofSeconds(10),
        at(
            node(
                    (request, response, callback) -> {
                      Problems.write(request, response, callback, ErrorCode.NO_INSTANCE, "full");
                      return true;
                    })
                .port()));

    assertRefused(503);
  }

  @Test
  void answersTheHandshakeWhenNoPlacementComesInTime() throws Exception {
    routes.publish(Duration.ofSeconds(10), at(moved().port()));

    assertRefused(503);
  }

  private void assertRefused(int status) throws Exception {
    var gateway = gateway();
    assertThatThrownBy(() -> builder().buildAsync(gateway, new WebSocket.Listener() {}).join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(status));
  }
}
