package dev.hearth.kit.dispatch;

import static dev.hearth.kit.dispatch.TestRoutes.FUNCTION;
import static dev.hearth.kit.dispatch.TestRoutes.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.dispatch.Invocation.Origin;
import dev.hearth.kit.dispatch.Outcome.Answered;
import dev.hearth.kit.dispatch.Outcome.Lost;
import dev.hearth.kit.dispatch.Outcome.NoCapacity;
import dev.hearth.kit.dispatch.Outcome.Rejected;
import dev.hearth.kit.dispatch.Outcome.TimedOut;
import dev.hearth.kit.web.Problems;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests calls with a complete body and answer, as asynchronous invocations make them. */
class WholeCallTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final TestRoutes routes = new TestRoutes();
  private final FunctionClient client =
      new FunctionClient(
          routes,
          new NearNodes(),
          "a secret that is long",
          new Patience(Duration.ofMillis(300), Duration.ofMillis(100)));
  private TestServer node = null;
  private Request.Handler answering = WholeCallTest::echo;

  @BeforeEach
  void start() throws Exception {
    // The client's proxy needs a server, as in a gateway.
    node =
        new TestServer(
            new TestGateway(
                client,
                (request, response, callback) -> answering.handle(request, response, callback)));
    routes.publish(LIMIT, at(node.port()));
  }

  @AfterEach
  void stop() throws Exception {
    node.close();
  }

  private static boolean echo(Request request, Response response, Callback callback) {
    Content.Source.asString(
        request,
        UTF_8,
        Promise.from(
            body -> {
              var kind = request.getHeaders().get(HostProtocol.CALL_KIND);
              response.setStatus(201);
              response.write(true, ByteBuffer.wrap((kind + " " + body).getBytes(UTF_8)), callback);
            },
            callback::failed));
    return true;
  }

  private WholeAnswer call(FunctionKey function) throws InterruptedException {
    var invocation =
        new Invocation(
            UUID.randomUUID(),
            function,
            CallKind.EVENT,
            "",
            "/",
            new Origin("", "http", "", false));
    return client.call(
        invocation,
        new WholeRequest("POST", HttpFields.EMPTY, ByteBuffer.wrap("{\"a\": 1}".getBytes(UTF_8))));
  }

  private static Request.Handler problem(ErrorCode code) {
    return (request, response, callback) -> {
      Problems.write(request, response, callback, code, "why");
      return true;
    };
  }

  @Test
  void returnsTheWholeAnswer() throws Exception {
    var answer = call(FUNCTION);

    assertThat(answer.outcome()).isInstanceOf(Answered.class);
    assertThat(((Answered) answer.outcome()).status()).isEqualTo(201);
    assertThat(UTF_8.decode(answer.body()).toString()).isEqualTo("event {\"a\": 1}");
  }

  @Test
  void returnsTheNodesRefusalWithItsDetail() throws Exception {
    answering = problem(ErrorCode.NO_INSTANCE);
    assertThat(call(FUNCTION).outcome()).isEqualTo(new NoCapacity(false, "why"));

    answering = problem(ErrorCode.CONVENTION_MISMATCH);
    assertThat(call(FUNCTION).outcome())
        .isEqualTo(new Rejected(ErrorCode.CONVENTION_MISMATCH, "why"));
  }

  @Test
  void returnsThatTheNodeEnded() throws Exception {
    answering =
        (request, _, _) -> {
          request.getConnectionMetaData().getConnection().getEndPoint().close();
          return true;
        };

    assertThat(call(FUNCTION).outcome()).isInstanceOf(Lost.class);
  }

  @Test
  void returnsThatTheNodeIsLate() throws Exception {
    routes.publish(Duration.ofMillis(50), at(node.port()));
    answering = (_, _, _) -> true;

    assertThat(call(FUNCTION).outcome()).isInstanceOf(TimedOut.class);
  }

  @Test
  void triesAnotherPlacementWithTheSameBody() throws Exception {
    try (var moved =
        TestServer.node((request, response, callback) -> {
          Problems.writeNotBegun(request, response, callback, "moved");
          return true;
        })) {
      routes.publish(LIMIT, at(moved.port()), at(moved.port()), at(node.port()));

      assertThat(UTF_8.decode(call(FUNCTION).body()).toString()).isEqualTo("event {\"a\": 1}");
    }
  }

  @Test
  void returnsThatThereIsNoSuchFunction() throws Exception {
    assertThat(call(new FunctionKey("acme", "none")).outcome()).isInstanceOf(Rejected.class);
  }

  @Test
  void returnsThatThereIsNoPlacement() throws Exception {
    routes.publish(LIMIT);

    assertThat(call(FUNCTION).outcome()).isInstanceOf(NoCapacity.class);
  }
}
