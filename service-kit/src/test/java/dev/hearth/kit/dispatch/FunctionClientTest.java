package dev.hearth.kit.dispatch;

import static dev.hearth.kit.dispatch.TestCalls.LIMIT;
import static dev.hearth.kit.dispatch.TestCalls.LONG;
import static dev.hearth.kit.dispatch.TestCalls.SHORT;
import static dev.hearth.kit.dispatch.TestRoutes.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.web.Problems;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed calls through a gateway to fake nodes, over the network and within the process. */
class FunctionClientTest {

  private final TestCalls calls = new TestCalls();

  @AfterEach
  void stop() throws Exception {
    calls.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void passesTheAnswerOn(String way) throws Exception {
    calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::echo).port()));

    var answer = calls.send(calls.gateway(LONG), "/a%2Fb/../c?d", BodyPublishers.ofString("tea"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("/call/a%2Fb/../c?d tea");
    assertThat(answer.headers().firstValue("X-Token")).hasValue("a secret that is long");
    assertThat(answer.headers().firstValue("Server-Timing").orElse(way))
        .matches(way.equals("near") ? "near" : "gateway;dur=.*");
  }

  @ParameterizedTest
  @CsvSource({
    "near, /x?q=100%",
    "far, /x?q=100%",
    "far, /x?a=%&b=%zz",
    "far, '/x?q={|}\"%&../../..'",
    "near, /caf\u00c3\u00a9?a=\u00c3\u00a9",
    "far, /caf\u00c3\u00a9?a=\u00c3\u00a9",
  })
  void passesTheTargetOnAsTheClientSentIt(String way, String target) throws Exception {
    calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::echo).port()));

    var answer =
        TestCalls.raw(
            calls.gateway(LONG),
            "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            false);

    var sent = new String(target.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    assertThat(answer).startsWith("HTTP/1.1 200").contains("/call" + sent + " ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void removesReservedHeadersOfTheClient(String way) throws Exception {
    var seen = new CompletableFuture<List<String>>();
    var node =
        calls.node(
            way,
            (request, response, callback) -> {
              seen.complete(
                  request.getHeaders().stream()
                      .filter(field -> field.getValue().equals("forged"))
                      .map(HttpField::getName)
                      .toList());
              callback.succeeded();
              return true;
            });
    calls.routes.publish(LIMIT, at(node.port()));
    var request =
        HttpRequest.newBuilder(calls.gateway(LONG).resolve("/x"))
            .header("Hearth-Internal-Token", "forged")
            .header("hearth-placement", "forged")
            .header("HEARTH-Later", "forged")
            .header("HEARTH-Later", "forged")
            .header("X-Hearth", "forged")
            .build();

    calls.http.send(request, BodyHandlers.discarding());

    assertThat(seen.join()).containsExactly("X-Hearth");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void takesACallToAnotherPlacementWhenTheFirstHasEnded(String way) throws Exception {
    var gone = at(calls.node(way, TestCalls::moved).port());
    var here = at(calls.node(way, TestCalls::echo).port());
    calls.routes.publish(LIMIT, gone, here);
    var gateway = calls.gateway(LONG);

    for (int i = 0; i < 12; i++) {
      var answer = calls.send(gateway, "/x", BodyPublishers.ofString("tea"));

      assertThat(answer.body()).isEqualTo("/call/x tea");
      assertThat(answer.headers().firstValue(HostProtocol.NOT_BEGUN)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void waitsForANewRouteWhenEveryPlacementHasEnded(String way) throws Exception {
    calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::moved).port()));
    var gateway = calls.gateway(LONG);
    var request =
        HttpRequest.newBuilder(gateway.resolve("/x")).POST(BodyPublishers.ofString("tea")).build();

    var answer = calls.http.sendAsync(request, BodyHandlers.ofString());
    await().until(() -> calls.routes.awaiting() == 1);
    calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::echo).port()));

    assertThat(answer.join().body()).isEqualTo("/call/x tea");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void answersNoInstanceWhenNoPlacementComesInTime(String way) throws Exception {
    calls.routes.publish(LIMIT, at(calls.node(way, TestCalls::moved).port()));

    var answer = calls.get(calls.gateway(SHORT));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("\"code\":\"no_instance\"", "became ready within");
    assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(answer.headers().firstValue(HostProtocol.NOT_BEGUN)).isEmpty();
  }

  @Test
  void answersNotFoundForAnUnknownFunction() throws Exception {
    var answer = calls.send(calls.gateway(LONG), "/none", BodyPublishers.noBody());

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("function_not_found", "acme/none");
  }

  @Test
  void waitsForTheFirstPlacement() throws Exception {
    calls.routes.publish(LIMIT);
    var request = HttpRequest.newBuilder(calls.gateway(LONG).resolve("/x")).build();

    var answer = calls.http.sendAsync(request, BodyHandlers.ofString());
    await().until(() -> calls.routes.awaiting() == 1);
    calls.routes.publish(LIMIT, at(calls.node(TestCalls::echo).port()));

    assertThat(answer.join().body()).isEqualTo("/call/x ");
  }

  @Test
  void goesToAnotherPlacementWhenANodeCannotBeReached() throws Exception {
    var stopped = calls.node(TestCalls::echo);
    var gone = at(stopped.port());
    stopped.close();
    calls.routes.publish(LIMIT, gone, at(calls.node(TestCalls::echo).port()));
    var gateway = calls.gateway(LONG);

    for (int i = 0; i < 8; i++) {
      assertThat(calls.send(gateway, "/x", BodyPublishers.ofString("tea")).body())
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
              request,
              Callback.from(() -> TestCalls.moved(request, response, callback), callback::failed));
          return true;
        };
    calls.routes.publish(LIMIT, at(calls.node(afterAll).port()), at(calls.node(afterAll).port()));

    var answer = calls.send(calls.gateway(SHORT), "/x", BodyPublishers.ofString(large));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("The placement has ended.");
    assertThat(asked).hasValue(1);
  }

  @Test
  void answersTimedOutWhenTheNodeDoesNot() throws Exception {
    calls.routes.publish(Duration.ofMillis(50), at(calls.node((_, _, _) -> true).port()));

    var answer = calls.get(calls.gateway(SHORT));

    assertThat(answer.statusCode()).isEqualTo(504);
    assertThat(answer.body()).contains("\"code\":\"function_timed_out\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"near", "far"})
  void passesARefusalOfTheNodeOn(String way) throws Exception {
    calls.routes.publish(
        LIMIT,
        at(
            calls
                .node(
                    way,
                    (request, response, callback) -> {
                      Problems.write(
                          request,
                          response,
                          callback,
                          ErrorCode.NO_INSTANCE,
                          "Timed out after waiting 3 s.");
                      return true;
                    })
                .port()));

    var answer = calls.get(calls.gateway(LONG));

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("Timed out after waiting 3 s.", "\"instance\":\"/f/x\"");
  }
}
