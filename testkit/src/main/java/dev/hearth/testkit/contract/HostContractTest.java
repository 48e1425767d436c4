package dev.hearth.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.contracts.host.OutputLine;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.client.AsyncRequestContent;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * What every runtime's host must do: all of {@link HostProtocol}. A runtime extends it and says how
 * its host is started. One host serves all tests; those that end a host start their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HostContractTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final String APP = "app:app";
  private static final int MIB = 1 << 20;

  private static final Duration PINGED = Duration.ofSeconds(3);

  /** Number of pings that take longer than the limit {@link #PINGED}. */
  private static final int PINGS = 4;

  private Path folder;
  private TestedHost host;
  private HostClient client;

  /** Starts a host that keeps what it needs in an empty folder. */
  protected abstract TestedHost boot(Path folder) throws Exception;

  /** Returns Python code that nothing but the end of the process ends. */
  protected abstract String unstoppable();

  @BeforeAll
  void start(@TempDir Path given) throws Exception {
    folder = given;
    host = boot(Files.createDirectory(folder.resolve("shared")));
    client = new HostClient(host, unstoppable());
    started("app", APP, LONG);
  }

  /** Ends the host as the end of a node does; a host that stays fails the class. */
  @AfterAll
  void endsWhenItsStandardInputCloses() throws Exception {
    try (var ending = host) {
      client.close();
      ending.closeInput();

      await().atMost(LONG).until(() -> !ending.isAlive());
    }
  }

  private InstanceStarted started(String id, String entry, Duration timeout) throws Exception {
    var answer = client.start(id, entry, Convention.AUTO, timeout);
    assertThat(answer.getStatus()).as(answer.getContentAsString()).isEqualTo(201);
    return JSON.readValue(answer.getContent(), InstanceStarted.class);
  }

  private static void assertProblem(ContentResponse answer, ErrorCode code) {
    assertThat(answer.getHeaders().get(HearthHeaders.ERROR))
        .as(answer.getContentAsString())
        .isEqualTo(code.code());
    assertThat(answer.getStatus()).isEqualTo(code.status());
  }

  private void awaitPrinted(String instance, String text) {
    awaitPrinted(host, instance, text);
  }

  private static void awaitPrinted(TestedHost where, String instance, String text) {
    await()
        .atMost(LONG)
        .until(() ->
            where.lines().stream()
                .map(line -> JSON.readValue(line, OutputLine.class))
                .anyMatch(line -> line.instance().equals(instance) && line.text().equals(text)));
  }

  @Test
  void startsAnInstanceAndSaysHowItIsCalled() throws Exception {
    var started = started("start", "app:handler", LONG);

    assertThat(started.convention()).isEqualTo(Convention.LAMBDA);
    assertThat(started.start()).isIn("prepared", "cold");
    assertThat(started.lateModules()).isEmpty();
  }

  @Test
  void saysWhyAnInstanceCannotStart() throws Exception {
    var answer = client.start("absent", "app:absent", Convention.AUTO, LONG);

    assertThat(answer.getStatus()).isEqualTo(422);
    var failure = JSON.readValue(answer.getContent(), InstanceFailure.class);
    assertThat(failure.message()).contains("absent");
    assertThat(failure.traceback()).contains("AttributeError");
  }

  @Test
  void anInstanceThatWasDeletedTakesNoCalls() throws Exception {
    started("deleted", APP, LONG);

    var deleted = client.request("DELETE", HostProtocol.INSTANCES + "/deleted").send();
    var answer = client.get("deleted", "/").send();

    assertThat(deleted.getStatus()).isEqualTo(204);
    assertProblem(answer, ErrorCode.INSTANCE_LOST);
    assertThat(answer.getHeaders().contains(HostProtocol.INSTANCE_ENDING)).isTrue();
    assertThat(answer.getHeaders().contains(HostProtocol.NOT_BEGUN)).isTrue();
  }

  @Test
  void handsARequestOverAsTheClientMadeIt() throws Exception {
    var answer =
        client
            .call("app", CallKind.HTTP, "POST", "/echo?a=1")
            .headers(headers -> headers.put("x-given", "value"))
            .body(new StringRequestContent("text/plain", "body"))
            .send();

    assertThat(answer.getHeaders().get("x-answer")).isEqualTo("yes");
    var echo = JSON.readTree(answer.getContent());
    assertThat(echo.at("/method").asString()).isEqualTo("POST");
    assertThat(echo.at("/path").asString()).isEqualTo("/echo");
    assertThat(echo.at("/query_string").asString()).contains("a=1");
    assertThat(echo.at("/root_path").asString()).isEqualTo(HostClient.ROOT_PATH);
    assertThat(echo.at("/scheme").asString()).isEqualTo("https");
    assertThat(echo.at("/client").asString()).isEqualTo("192.0.2.1");
    assertThat(echo.at("/headers/host").asString()).isEqualTo("contract.localhost");
    assertThat(echo.at("/headers/x-given").asString()).isEqualTo("value");
    assertThat(echo.at("/headers").toString().toLowerCase(Locale.ROOT)).doesNotContain("hearth-");
    assertThat(echo.at("/length").asInt()).isEqualTo(4);
  }

  @Test
  void takesBodiesThatAreLargeOrComeInParts() throws Exception {
    var large =
        client
            .call("app", CallKind.HTTP, "POST", "/echo")
            .body(new BytesRequestContent(new byte[HostProtocol.SMALL_BODY + 1]))
            .send();
    var parts = new AsyncRequestContent();
    var later = HostClient.later(client.call("app", CallKind.HTTP, "POST", "/echo").body(parts));
    parts.write(ByteBuffer.wrap(new byte[] {1}), Callback.NOOP);
    parts.write(ByteBuffer.wrap(new byte[] {2}), Callback.NOOP);
    parts.close();

    assertThat(JSON.readTree(large.getContent()).at("/length").asInt())
        .isEqualTo(HostProtocol.SMALL_BODY + 1);
    assertThat(JSON.readTree(later.get().getContent()).at("/length").asInt()).isEqualTo(2);
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    var answer = client.call("app", CallKind.HTTP, "HEAD", "/").send();

    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getHeaders().get("x-answer")).isEqualTo("yes");
    assertThat(answer.getContent()).isEmpty();
  }

  @Test
  void marksAnAnswerThatComesInParts() throws Exception {
    var answer = client.get("app", "/stream").send();

    assertThat(answer.getContentAsString()).isEqualTo("onetwo");
    assertThat(answer.getHeaders().contains(HostProtocol.STREAMING)).isTrue();
    assertThat(client.get("app", "/").send().getHeaders().contains(HostProtocol.STREAMING))
        .isFalse();
  }

  @Test
  void talksOverAWebSocket() throws Exception {
    try (var socket = HostSocketClient.open(host.socket(), "app")) {
      assertThat(socket.head()).startsWith("HTTP/1.1 101").containsIgnoringCase("set-cookie: a=1");
      socket.send("hello");
      assertThat(socket.receive()).isEqualTo("HELLO");
      socket.send("close");
      assertThat(socket.receive()).isEqualTo("close 4000 enough");
    }
    try (var socket = HostSocketClient.open(host.socket(), "app")) {
      socket.head();
      socket.send("raise");
      assertThat(socket.receive()).isEqualTo("close 1011 The function raised an exception");
    }
  }

  @Test
  void handsEventsToHandlers() throws Exception {
    started("handler", "app:handler", LONG);

    var answer = event("handler", "{\"a\": 1}");
    var raised = event("handler", "\"raise\"");

    assertThat(answer.getContentAsString()).isEqualTo("{\"got\": {\"a\": 1}}");
    assertThat(raised.getHeaders().contains(HearthHeaders.FUNCTION_ERROR)).isTrue();
    assertThat(raised.getContentAsString()).contains("KeyError", "app.py");
    assertProblem(event("handler", "{"), ErrorCode.REQUEST_INVALID);
    assertProblem(event("app", "{}"), ErrorCode.CONVENTION_MISMATCH);
  }

  private ContentResponse event(String instance, String json) throws Exception {
    return client
        .call(instance, CallKind.EVENT, "POST", "/")
        .body(new StringRequestContent("application/json", json))
        .send();
  }

  @Test
  void answersPings() throws Exception {
    var answer = client.call("", CallKind.PING, "GET", "/").send();

    assertThat(answer.getStatus()).isEqualTo(200);
  }

  @Test
  void saysWhatIsWrongWithAFunction() throws Exception {
    assertProblem(client.get("app", "/raise").send(), ErrorCode.FUNCTION_RAISED);
    assertProblem(client.get("app", "/status").send(), ErrorCode.FUNCTION_ANSWER_INVALID);
    assertThat(client.get("app", "/").send().getContentAsString()).isEqualTo("ok");
  }

  @Test
  void letsTheCodeOfACallFinishWhoseClientHasGone() throws Exception {
    started("finishing", APP, LONG);
    var call = client.get("finishing", "/disconnect");
    var answer = HostClient.later(call);
    awaitPrinted("finishing", "waits");

    var invocation = call.getHeaders().get(HostProtocol.INVOCATION);
    client.request("DELETE", HostProtocol.CALLS + "/" + invocation).send();

    awaitPrinted("finishing", "http.disconnect");
    assertThat(answer.get().getContentAsString()).isEqualTo("finished");
  }

  @Test
  void keepsAQuietWebSocketWhoseClientAnswersPings() throws Exception {
    started("quiet", APP, PINGED);
    try (var socket = HostSocketClient.open(host.socket(), "quiet")) {
      socket.head();
      for (int i = 0; i < PINGS; i++) {
        assertThat(socket.receive()).isEqualTo("ping");
        socket.pong();
      }
      socket.send("hello");

      assertThat(socket.receive()).isEqualTo("HELLO");
    }
  }

  @Test
  void closesAWebSocketWhoseClientAnswersNoPings() throws Exception {
    started("vanished", APP, PINGED);
    try (var socket = HostSocketClient.open(host.socket(), "vanished")) {
      socket.head();

      assertThat(socket.receiveAfterPings()).isEqualTo("close 1001 no answer to pings");
    }
    awaitPrinted("vanished", "disconnected with 1006");
  }

  @Test
  void endsTheCodeOfACallWhoseClientHasGone() throws Exception {
    client.start("waiting", APP, Convention.AUTO, LONG, Optional.of(OnDisconnect.CANCEL));
    var call = client.get("waiting", "/wait");
    var answer = HostClient.later(call);
    awaitPrinted("waiting", "waits");

    var invocation = call.getHeaders().get(HostProtocol.INVOCATION);
    var cancelled = client.request("DELETE", HostProtocol.CALLS + "/" + invocation).send();

    assertThat(cancelled.getStatus()).isEqualTo(204);
    awaitPrinted("waiting", "cancelled");
    await().atMost(LONG).until(answer::isDone);
    assertThat(client.get("waiting", "/").send().getContentAsString()).isEqualTo("ok");
  }

  @Test
  void tellsItsStateAndRests() throws Exception {
    var rested = client.request("POST", HostProtocol.REST).send();
    var answer = client.request("GET", HostProtocol.STATE).send();

    assertThat(rested.getStatus()).isEqualTo(204);
    var state = JSON.readValue(answer.getContent(), HostState.class);
    assertThat(state.heap()).isBetween(0.0, 1.0);
    assertThat(state.threads()).isPositive();
    assertThat(state.descriptors()).isBetween(0.0, 1.0);
  }

  @Test
  void suspendsAndResumesAnInstance() throws Exception {
    started("snapshot", APP, LONG);
    var path = HostProtocol.INSTANCES + "/snapshot/";

    var suspended = client.request("POST", path + HostProtocol.SUSPEND).send();
    var resumed = client.request("POST", path + HostProtocol.RESUME).send();

    assertThat(suspended.getStatus()).isEqualTo(201);
    assertThat(JSON.readValue(resumed.getContent(), InstanceStarted.class).start())
        .isEqualTo("restored");
    assertThat(client.get("snapshot", "/").send().getContentAsString()).isEqualTo("ok");
    assertThat(
            client
                .request("POST", HostProtocol.INSTANCES + "/none/" + HostProtocol.SUSPEND)
                .send()
                .getStatus())
        .isEqualTo(422);
  }

  @Test
  void refusesBodiesAndHeadsThatAreTooLarge() throws Exception {
    var parts =
        Stream.concat(
            Stream.generate(() -> new byte[MIB]).limit(HostProtocol.LARGEST_BODY / MIB),
            Stream.of(new byte[1]));
    var body = new BytesRequestContent(parts.toArray(byte[][]::new));

    var large = client.call("app", CallKind.HTTP, "POST", "/echo").body(body).send();
    var head =
        client
            .get("app", "/echo")
            .headers(headers -> headers.put("x-large", "x".repeat(HostProtocol.HEAD_BYTES)))
            .send();

    assertProblem(large, ErrorCode.PAYLOAD_TOO_LARGE);
    assertThat(head.getStatus()).isEqualTo(431);
  }

  @Test
  void endsCallsThatReachTheLimit() throws Exception {
    started("limited", APP, SHORT);

    assertProblem(client.get("limited", "/wait").send(), ErrorCode.FUNCTION_TIMED_OUT);
    assertProblem(client.get("limited", "/loop").send(), ErrorCode.FUNCTION_TIMED_OUT);

    awaitPrinted("limited", "cancelled");
    assertThat(client.get("limited", "/").send().getContentAsString()).isEqualTo("ok");
  }

  @Test
  void tellsCallsThatWereNotBegunFromThoseThatWere() throws Exception {
    started("ending", APP, LONG);
    var begun = HostClient.later(client.get("ending", "/block"));
    awaitPrinted("ending", "blocks");
    var waiting = HostClient.later(client.get("ending", "/"));

    client.request("DELETE", HostProtocol.INSTANCES + "/ending").send();

    for (var answer : List.of(begun.get(), waiting.get())) {
      assertProblem(answer, ErrorCode.INSTANCE_LOST);
      assertThat(answer.getHeaders().contains(HostProtocol.INSTANCE_ENDING)).isTrue();
    }
    assertThat(begun.get().getHeaders().contains(HostProtocol.NOT_BEGUN)).isFalse();
    assertThat(waiting.get().getHeaders().contains(HostProtocol.NOT_BEGUN)).isTrue();
  }

  @Test
  void writesWhatInstancesPrintAsLines() throws Exception {
    started("printing", APP, SHORT);
    var call = client.get("printing", "/wait");
    call.send();

    awaitPrinted("printing", "waits");
    var line =
        host.lines().stream()
            .map(text -> JSON.readValue(text, OutputLine.class))
            .filter(printed -> printed.instance().equals("printing"))
            .findFirst()
            .orElseThrow();

    assertThat(line.stream()).isEqualTo("stdout");
    assertThat(line.invocation()).isEqualTo(call.getHeaders().get(HostProtocol.INVOCATION));
  }

  @Test
  void letsCodeRunBetweenCallsAndUntilItsEnd() throws Exception {
    started("living", "app:living", LONG);
    awaitPrinted("living", "later");
    awaitPrinted("living", "tick 3");
    assertThat(client.get("living", "/").send().getContentAsString()).isEqualTo("ok");

    var deleted = delete("living", LONG);

    assertThat(deleted.getStatus()).isEqualTo(204);
    for (var last : List.of("signal 15", "closed", "bye")) {
      awaitPrinted("living", last);
    }
  }

  @Test
  void breaksTheEndOffAtItsLimit() throws Exception {
    started("lasting", "app:lasting", LONG);

    var deleted = delete("lasting", Duration.ofSeconds(1));

    assertThat(deleted.getStatus()).isEqualTo(204);
    awaitPrinted(
        "lasting",
        "hearth: the instance ended before its code had finished: end took longer than 1 s");
  }

  @Test
  void resumesCodeThatRunsBetweenCalls() throws Exception {
    started("ticking", "app:living", LONG);
    awaitPrinted("ticking", "tick 1");
    var path = HostProtocol.INSTANCES + "/ticking/";

    var suspended = client.request("POST", path + HostProtocol.SUSPEND).send();
    var before = host.lines().size();
    var resumed = client.request("POST", path + HostProtocol.RESUME).send();

    assertThat(suspended.getStatus()).as(suspended.getContentAsString()).isEqualTo(201);
    assertThat(resumed.getStatus()).isEqualTo(201);
    await()
        .atMost(LONG)
        .until(() ->
            host.lines().stream().skip(before).filter(line -> line.contains("tick ")).count() > 3);
    assertThat(client.get("ticking", "/").send().getContentAsString()).isEqualTo("ok");
  }

  private ContentResponse delete(String instance, Duration limit) throws Exception {
    return client
        .request("DELETE", HostProtocol.INSTANCES + "/" + instance)
        .headers(headers -> headers.put(HostProtocol.END_LIMIT, Long.toString(limit.toMillis())))
        .send();
  }

  @Test
  void endsItselfWhenCodeDoesNotStop() throws Exception {
    var own = Files.createDirectory(folder.resolve("runaway"));
    try (var runaway = boot(own);
        var asking = new HostClient(runaway, unstoppable())) {
      asking.start("runaway", APP, Convention.AUTO, SHORT);
      asking.start("neighbour", APP, Convention.AUTO, LONG);

      var answer = asking.get("runaway", "/unstoppable").send();

      assertProblem(answer, ErrorCode.FUNCTION_TIMED_OUT);
      assertThat(answer.getHeaders().contains(HostProtocol.HOST_ENDING)).isTrue();
      await().atMost(LONG).until(() -> !runaway.isAlive());
    }
  }
}
