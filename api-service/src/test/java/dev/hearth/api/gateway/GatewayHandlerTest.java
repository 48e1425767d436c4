package dev.hearth.api.gateway;

import static dev.hearth.api.gateway.GatewayFixtures.FUNCTION;
import static dev.hearth.api.gateway.GatewayFixtures.route;
import static dev.hearth.api.gateway.GatewayFixtures.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.dispatch.FunctionClient;
import dev.hearth.kit.dispatch.NearNodes;
import dev.hearth.kit.dispatch.Patience;
import dev.hearth.kit.web.CallServer;
import dev.hearth.kit.web.InternalSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the gateway in front of a fake node and a fake control API. */
class GatewayHandlerTest {

  private static final String TOKEN = "a secret that is long";

  private final RouteTable routes = new RouteTable();
  private final CallMetrics metrics =
      new CallMetrics(new SimpleMeterRegistry(), InstantSource.system());
  private final HttpClient http = HttpClient.newHttpClient();
  private final Server node = new Server();
  private final Server gateway = new Server();

  /** Answers with the parts of the call that a node receives. */
  private static final class Node extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      var headers = request.getHeaders();
      var told =
          "node %s %s %s %s %s"
              .formatted(
                  request.getMethod(),
                  request.getHttpURI().getPathQuery(),
                  headers.get(HostProtocol.ROOT_PATH),
                  headers.get(HostProtocol.CALL_KIND),
                  headers.get("authorization"));
      response.getHeaders().put(HearthHeaders.START, HearthHeaders.START_WARM);
      response.write(true, ByteBuffer.wrap(told.getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }

  private static final class ControlApi extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.write(true, ByteBuffer.wrap("control".getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    routes.put(route(1, target(start(node, new Node()))));
    var client =
        new FunctionClient(
            routes,
            new NearNodes(),
            TOKEN,
            new Patience(Duration.ofMillis(100), Duration.ofSeconds(10)));
    start(
        gateway,
        new GatewayHandler(
            new ControlApi(),
            client,
            routes,
            GatewayHandlerTest::tenant,
            new InternalSettings(TOKEN),
            metrics,
            new TrustedProxies(List.of())));
  }

  private static int start(Server server, Handler handler) throws Exception {
    var connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
    CallServer.admitCalls(server);
    server.start();
    return connector.getLocalPort();
  }

  private static String tenant(@org.jspecify.annotations.Nullable String authorization) {
    if (!"Bearer key".equals(authorization)) {
      throw new HearthException(ErrorCode.UNAUTHENTICATED, "Who are you?");
    }
    return "acme";
  }

  @AfterEach
  void stop() throws Exception {
    gateway.stop();
    node.stop();
    http.close();
  }

  private HttpRequest.Builder request(String path) {
    var port = ((ServerConnector) gateway.getConnectors()[0]).getLocalPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  @ParameterizedTest
  @CsvSource({
    "/f/acme/tea/a/../b?c, 200, node GET /call/a/../b?c /f/acme/tea null null",
    "/f/acme/tea, 200, node GET /call/ /f/acme/tea null null",
    "/v1/functions, 200, control",
    "/f/, 404, function_not_found",
    "/f/acme/other/, 404, function_not_found",
    "/f/acme/tea/%2e%2e/x, 400, request_invalid",
  })
  void findsWhatARequestIsFor(String path, int status, String part) throws Exception {
    var answer = send(request(path));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(part);
  }

  @Test
  void handsEventsToTheCallersOwnFunction() throws Exception {
    var event = request("/v1/functions/tea/invocations").POST(BodyPublishers.ofString("{}"));

    assertThat(send(event).body()).contains("unauthenticated");
    assertThat(send(event.header("authorization", "Bearer key")).body())
        .isEqualTo("node POST /call/v1/functions/tea/invocations  event null");
  }

  @Test
  void takesPingsOfTheWarmerOnly() throws Exception {
    var forged = request("/f/acme/tea/").header(HostProtocol.CALL_KIND, "ping");
    assertThat(send(forged).body()).isEqualTo("node GET /call/ /f/acme/tea null null");

    var own = forged.header(HearthHeaders.INTERNAL_TOKEN, TOKEN);
    assertThat(send(own).body()).isEqualTo("node GET /call/ /f/acme/tea ping null");
  }

  @Test
  void countsCallsButNotPings() throws Exception {
    send(request("/f/acme/tea/"));
    send(
        request("/f/acme/tea/")
            .header(HostProtocol.CALL_KIND, "ping")
            .header(HearthHeaders.INTERNAL_TOKEN, TOKEN));
    send(request("/v1/functions"));

    await().until(() -> metrics.of(FUNCTION).calls() > 0);
    assertThat(metrics.of(FUNCTION).answers()).isEqualTo(Map.of("2xx", 1L));
  }

  @ParameterizedTest
  @CsvSource({
    "GET /f/acme/tea/?q=\u00e9, '', 400",
    "GET /f/acme/tea/\u00e9, '', 400",
    "GET /f/acme/tea/100%, '', 400",
    "POST /f/acme/tea/, 'Transfer-Encoding: gzip, chunked', 501",
    "GET /f/acme/tea/, 'Upgrade: websocket', 400",
  })
  void refusesWhatAFunctionCouldNotSee(String line, String header, int status) throws Exception {
    var port = ((ServerConnector) gateway.getConnectors()[0]).getLocalPort();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      var request =
          "%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%s\r\n"
              .formatted(line, header.isEmpty() ? "" : header + "\r\n\r\n0\r\n");
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));

      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\"code\":\"request_invalid\"");
    }
  }

  @Test
  void answersNoInstanceWhenTheFunctionHasNoPlacement() throws Exception {
    routes.put(route(2));

    var answer = send(request("/f/acme/tea/"));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
  }
}
