package dev.hearth.kit.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import tools.jackson.databind.json.JsonMapper;

class ServerRulesTest {

  private static WebServer server;
  private static RawClient client;

  /** Reads the body and responds with the raw path. */
  private static final class Echo extends Handler.Wrapper {
    Echo(Handler next) {
      super(next);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      if (!request.getHttpURI().getPath().startsWith("/echo")) {
        return super.handle(request, response, callback);
      }
      Content.Source.consumeAll(
          request,
          Callback.from(
              () ->
                  response.write(
                      true,
                      ByteBuffer.wrap(
                          request.getHttpURI().getPathQuery().getBytes(StandardCharsets.UTF_8)),
                      callback),
              callback::failed));
      return true;
    }
  }

  @BeforeAll
  static void start() {
    var factory = new JettyServletWebServerFactory(0);
    ServerRules.apply(factory);
    CallServer.takeCalls(factory, Echo::new);
    server = factory.getWebServer();
    server.start();
    client = new RawClient(server.getPort());
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @ParameterizedTest
  @CsvSource({
    "GET /x y HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n, 400",
    "GARBAGE\\r\\n\\r\\n, 400",
    "GET /echo HTTP/1.1\\r\\n\\r\\n, 400",
    "GET /echo HTTP/1.1\\r\\nHost: \\r\\n\\r\\n, 400",
    "GET /echo HTTP/1.1\\r\\nHost: a:b:c\\r\\n\\r\\n, 400",
    "GET /echo HTTP/1.1\\r\\nHost: a\\r\\nHost: b\\r\\n\\r\\n, 400",
    "GET /echo\\r\\n\\r\\n, 505",
    "GET /echo HTTP/0.9\\r\\n\\r\\n, 505",
    "GET /echo HTTP/1.1\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n, 400",
    "GET /echo/../../y HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n, 400",
    "GET /echo/%00 HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n, 400",
    "GET /echo HTTP/3.0\\r\\nHost: a\\r\\n\\r\\n, 505",
    "GET /echo HTTP/1.1\\nHost: a\\n\\n, 400",
    "GET /echo HTTP/1.1\\r\\nHost: a\\n\\r\\n, 400",
    "GET /echo HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n, 400",
    "GET /echo HTTP/1.1\\r\\nHost: a\\r\\n folded\\r\\n\\r\\n, 400",
    "GET /%zz HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n, 400",
    "POST /echo HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: x\\r\\n\\r\\n, 400",
    "POST /echo HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\nContent-Length: 2\\r\\n\\r\\nab,"
        + " 400",
    "POST /echo HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\nContent-Length:"
        + " 1\\r\\n\\r\\n0\\r\\n\\r\\n, 400",
    "POST /echo HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding:"
        + " chunked\\r\\n\\r\\nzz\\r\\nab\\r\\n0\\r\\n\\r\\n, 400",
    "POST /echo HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\nab\\n0\\n\\n,"
        + " 400",
    "POST /echo HTTP/1.1\\r\\nHost: a\\r\\nExpect: wonders\\r\\n\\r\\n, 417",
  })
  void answersMalformedRequestsWithAProblem(String request, int status) throws IOException {
    var answer = client.send(request.replace("\\r", "\r").replace("\\n", "\n"));

    assertProblem(answer, status);
  }

  @Test
  void answersAHeadThatIsTooLargeWithAProblem() throws IOException {
    var long1 = "x".repeat(200_000);

    assertProblem(client.send("GET /echo HTTP/1.1\r\nHost: a\r\nX: " + long1 + "\r\n\r\n"), 431);
    assertProblem(client.send("GET /echo?" + long1 + " HTTP/1.1\r\nHost: a\r\n\r\n"), 414);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/echo/x/../y",
        "/echo/%2e%2e/y",
        "/echo//y",
        "/echo/a;b=c/d",
        "/echo/a%2Fb",
        "/echo/x/../../y",
        "/echo/x/%2e%2e/%2E%2e/y",
        "/echo/a%5Cb",
        "/echo/..;/y",
        "/echo/ü",
        "/echo/a%25b?q=%2e%2e/../x",
      })
  void passesOnThePathUnchanged(String path) throws IOException {
    var answer = client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

    assertThat(answer.status()).isEqualTo(200);
  }

  @SuppressWarnings("unchecked")
  private static void assertProblem(RawClient.Answer answer, int status) {
    assertThat(answer.text()).startsWith("HTTP/1.1 " + status + " ");
    assertThat(answer.text()).contains("Content-Type: application/problem+json");
    var problem = (Map<String, Object>) JsonMapper.shared().readValue(answer.body(), Map.class);
    assertThat(problem)
        .containsEntry("status", status)
        .containsKeys("type", "title", "detail", "instance", "code", "trace");
  }
}
