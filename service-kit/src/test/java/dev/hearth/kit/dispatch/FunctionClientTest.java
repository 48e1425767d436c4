package dev.hearth.kit.dispatch;

import static dev.hearth.kit.dispatch.TestRoutes.FUNCTION;
import static dev.hearth.kit.dispatch.TestRoutes.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.dispatch.Invocation.Origin;
import dev.hearth.kit.web.Problems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed calls through a gateway to fake nodes, over the network and within the process. */
class FunctionClientTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Patience SHORT = new Patience(Duration.ofMillis(300), Duration.ZERO);
  private static final Patience LONG = new Patience(LIMIT, LIMIT);

  private final TestRoutes routes = new TestRoutes();
  private final NearNodes near = new NearNodes();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> servers = new ArrayList<>();

  /** Takes {@code /f/…} as calls of the one function. */
  private static final class Gateway extends Handler.Abstract.NonBlocking {
    private final FunctionClient client;

    Gateway(FunctionClient client) {
      this.client = client;
      installBean(client);
    }

    @Override
    protected void doStart() throws Exception {
      client.setServer(getServer());
      super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var path = request.getHttpURI().getPathQuery();
      var function = path.startsWith("/none") ? new FunctionKey("acme", "none") : FUNCTION;
      var invocation =
          new Invocation(
              UUID.randomUUID(), function, CallKind.HTTP, "/f", path, Origin.of(request));
      client.forward(invocation, System.nanoTime(), request, response, callback);
      return true;
    }
  }

  @BeforeEach
  void begin() {
    servers.clear();
  }

  @AfterEach
  void stop() throws Exception {
    for (var server : servers.reversed()) {
      server.close();
    }
    http.close();
  }

  private URI gateway(Patience patience) throws Exception {
    var client = new FunctionClient(routes, near, "a secret that is long", patience);
    var server = new TestServer(new Gateway(client));
    servers.add(server);
    return URI.create("http://127.0.0.1:" + server.port());
  }

  private TestServer node(Request.Handler handler) throws Exception {
    var server = TestServer.node(handler);
    servers.add(server);
    return server;
  }

  /** Has calls of the node's address handled without the network, if the way is near. */
  private TestServer node(String way, Request.Handler handler) throws Exception {
    var server = node(handler);
    if (way.equals("near")) {
      near.add(URI.create("http://127.0.0.1:" + server.port()), handler);
    }
    return server;
  }

  private HttpResponse<String> send(URI gateway, String path, BodyPublisher body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(gateway.resolve(path)).POST(body).timeout(LIMIT).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(URI gateway) throws Exception {
    return http.send(
        HttpRequest.newBuilder(gateway.resolve("/x")).timeout(LIMIT).build(),
        BodyHandlers.ofString());
  }

  /** Answers with the request's placement, path and body. */
  private static boolean echo(Request request, Response response, Callback callback) {
    Content.Source.asString(
        request,
        StandardCharsets.UTF_8,
        org.eclipse.jetty.util.Promise.from(
            body -> {
              response
                  .getHeaders()
                  .put("X-Token", "" + request.getHeaders().get(HearthHeaders.INTERNAL_TOKEN));
              var text = request.getHttpURI().getPathQuery() + " " + body;
              response.write(
                  true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
            },
            callback::failed));
    return true;
  }

  private static boolean moved(Request request, Response response, Callback callback) {
    Problems.writeNotBegun(request, response, callback, "The placement has ended.");
    return true;
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void passesTheAnswerOn(String way) throws Exception {
    routes.publish(LIMIT, at(node(way, FunctionClientTest::echo).port()));

    var answer = send(gateway(LONG), "/a%2Fb/../c?d", BodyPublishers.ofString("tea"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("/call/a%2Fb/../c?d tea");
    assertThat(answer.headers().firstValue("X-Token")).hasValue("a secret that is long");
    assertThat(answer.headers().firstValue("Server-Timing").orElse(way))
        .matches(way.equals("near") ? "near" : "gateway;dur=.*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void takesACallToAnotherPlacementWhenTheFirstHasEnded(String way) throws Exception {
    var gone = at(node(way, FunctionClientTest::moved).port());
    var here = at(node(way, FunctionClientTest::echo).port());
    routes.publish(LIMIT, gone, here);
    var gateway = gateway(LONG);

    for (int i = 0; i < 12; i++) {
      var answer = send(gateway, "/x", BodyPublishers.ofString("tea"));

      assertThat(answer.body()).isEqualTo("/call/x tea");
      assertThat(answer.headers().firstValue(HostProtocol.NOT_BEGUN)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void waitsForANewRouteWhenEveryPlacementHasEnded(String way) throws Exception {
    routes.publish(LIMIT, at(node(way, FunctionClientTest::moved).port()));
    var gateway = gateway(LONG);
    var request =
        HttpRequest.newBuilder(gateway.resolve("/x")).POST(BodyPublishers.ofString("tea")).build();

    var answer = http.sendAsync(request, BodyHandlers.ofString());
    await().until(() -> routes.awaiting() == 1);
    routes.publish(LIMIT, at(node(way, FunctionClientTest::echo).port()));

    assertThat(answer.join().body()).isEqualTo("/call/x tea");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void answersNoInstanceWhenNoPlacementComesInTime(String way) throws Exception {
    routes.publish(LIMIT, at(node(way, FunctionClientTest::moved).port()));

    var answer = get(gateway(SHORT));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("\"code\":\"no_instance\"", "became ready within");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(answer.headers().firstValue(HostProtocol.NOT_BEGUN)).isEmpty();
  }

  @Test
  void answersNotFoundForAnUnknownFunction() throws Exception {
    var answer = send(gateway(LONG), "/none", BodyPublishers.noBody());

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("function_not_found", "acme/none");
  }

  @Test
  void waitsForTheFirstPlacement() throws Exception {
    routes.publish(LIMIT);
    var request = HttpRequest.newBuilder(gateway(LONG).resolve("/x")).build();

    var answer = http.sendAsync(request, BodyHandlers.ofString());
    await().until(() -> routes.awaiting() == 1);
    routes.publish(LIMIT, at(node(FunctionClientTest::echo).port()));

    assertThat(answer.join().body()).isEqualTo("/call/x ");
  }

  @Test
  void goesToAnotherPlacementWhenANodeCannotBeReached() throws Exception {
    var stopped = node(FunctionClientTest::echo);
    var gone = at(stopped.port());
    stopped.close();
    routes.publish(LIMIT, gone, at(node(FunctionClientTest::echo).port()));
    var gateway = gateway(LONG);

    for (int i = 0; i < 8; i++) {
      assertThat(send(gateway, "/x", BodyPublishers.ofString("tea")).body())
          .isEqualTo("/call/x tea");
    }
  }

  @Test
  void doesNotRepeatACallWhoseBodyWasTooLargeToKeep() throws Exception {
    var asked = new AtomicInteger();
    var large = "x".repeat(4 << 20);
    Request.Handler afterAll =
        (request, response, callback) -> {
          asked.incrementAndGet();
          Content.Source.consumeAll(
              request, Callback.from(() -> moved(request, response, callback), callback::failed));
          return true;
        };
    routes.publish(LIMIT, at(node(afterAll).port()), at(node(afterAll).port()));

    var answer = send(gateway(SHORT), "/x", BodyPublishers.ofString(large));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("The placement has ended.");
    assertThat(asked).hasValue(1);
  }

  @Test
  void answersInstanceLostWhenTheNodeEndsBeforeItAnswers() throws Exception {
    routes.publish(
        LIMIT,
        at(
            node(
                    (request, _, _) -> {
                      request.getConnectionMetaData().getConnection().getEndPoint().close();
                      return true;
                    })
                .port()));

    var answer = get(gateway(SHORT));

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("\"code\":\"instance_lost\"");
  }

  @Test
  void breaksTheAnswerOffWhenTheNodeEndsInTheMiddleOfIt() throws Exception {
    routes.publish(
        LIMIT,
        at(
            node(
                    (request, response, _) -> {
                      response.write(
                          false,
                          ByteBuffer.wrap(new byte[100]),
                          Callback.from(() ->
                              request
                                  .getConnectionMetaData()
                                  .getConnection()
                                  .getEndPoint()
                                  .close()));
                      return true;
                    })
                .port()));
    var gateway = gateway(SHORT);

    assertThatThrownBy(() -> get(gateway)).isInstanceOf(IOException.class);
  }

  @Test
  void answersTimedOutWhenTheNodeDoesNot() throws Exception {
    routes.publish(Duration.ofMillis(50), at(node((_, _, _) -> true).port()));

    var answer = get(gateway(SHORT));

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).contains("\"code\":\"function_timed_out\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void passesARefusalOfTheNodeOn(String way) throws Exception {
    routes.publish(
        LIMIT,
        at(
            node(
                    way,
                    (request, response, callback) -> {
                      Problems.write(
                          request,
                          response,
                          callback,
                          dev.hearth.contracts.ErrorCode.NO_INSTANCE,
                          "Timed out after waiting 3 s.");
                      return true;
                    })
                .port()));

    var answer = get(gateway(LONG));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("Timed out after waiting 3 s.", "\"instance\":\"/f/x\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zz\r\nab\r\n0\r\n\r\n",
        "2\r\nab\r\nnonsense\r\n",
        "2\r\nabc\r\n0\r\n\r\n",
        "2\nab\n0\n\n",
        "ffffffffffffffffff\r\nab\r\n",
        "-2\r\nab\r\n",
      })
  void answersThatTheChunksAreBroken(String chunks) throws Exception {
    for (var way : List.of("near", "far")) {
      routes.publish(LIMIT, at(node(way, FunctionClientTest::echo).port()));
      var gateway = gateway(LONG);

      var answer =
          raw(
              gateway,
              "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
              false);

      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"code\":\"request_invalid\"");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
      })
  void neverBlamesTheFunctionForABodyThatEndsEarly(String request) throws Exception {
    for (var way : List.of("near", "far")) {
      routes.publish(LIMIT, at(node(way, FunctionClientTest::echo).port()));

      var answer = raw(gateway(LONG), request, true);

      assertThat(answer)
          .satisfiesAnyOf(
              text -> assertThat(text).isEmpty(),
              text -> assertThat(text).startsWith("HTTP/1.1 400 "));
    }
  }

  @Test
  void endsTheCallAtTheNodeWhenTheClientLeaves() throws Exception {
    var ended = new CompletableFuture<Throwable>();
    var begun = new CountDownLatch(1);
    routes.publish(
        LIMIT,
        at(
            node(
                    (request, _, callback) -> {
                      request.addFailureListener(ended::complete);
                      request.demand(() -> {
                        var chunk = request.read();
                        if (Content.Chunk.isFailure(chunk)) {
                          ended.complete(chunk.getFailure());
                          callback.failed(chunk.getFailure());
                        }
                      });
                      begun.countDown();
                      return true;
                    })
                .port()));
    var gateway = gateway(LONG);

    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
      // The body never ends, so that the node sees the end of the connection.
      socket
          .getOutputStream()
          .write(
              "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
      begun.await();
    }

    await().until(ended::isDone);
  }

  @Test
  void servesOthersAfterClientsLeftWhileTheirAnswersBegan() throws Exception {
    routes.publish(LIMIT, at(node(FunctionClientTest::echo).port()));
    var gateway = gateway(LONG);

    for (int i = 0; i < 50; i++) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
        socket.setSoLinger(true, 0);
        socket
            .getOutputStream()
            .write("GET /x HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        if (i % 2 == 0) {
          socket.getInputStream().read();
        }
      }
    }

    assertThat(get(gateway).body()).isEqualTo("/call/x ");
  }

  /** Sends bytes as they are; reads until the server ends the connection. */
  private static String raw(URI gateway, String request, boolean isHalfClosed) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (isHalfClosed) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
