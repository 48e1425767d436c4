package dev.hearth.executor.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.FakeHostProcess;
import dev.hearth.executor.TestTicker;
import dev.hearth.executor.host.HostClients;
import dev.hearth.executor.pool.FakeSource;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.executor.pool.InstancePool.Surroundings;
import dev.hearth.executor.pool.PoolSettings;
import dev.hearth.executor.pool.PoolState;
import dev.hearth.testkit.CallAnswer;
import dev.hearth.testkit.EventLog;
import dev.hearth.testkit.FakeHost;
import dev.hearth.testkit.MovableClock;
import dev.hearth.testkit.SampleSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests what each answer of a host means for the call, its instance and the host. */
class HostProxyTest {

  private final MovableClock clock = new MovableClock();
  private final FakeHost host = FakeHost.start();
  private final FakeHostProcess process = new FakeHostProcess(host.socket().toString());
  private final FakeSource source = new FakeSource();
  private final RuntimeSettings settings = SampleSettings.of(Convention.WSGI);
  private final InstancePool pool =
      new InstancePool(
          new StartPlacement(
              new NodeRef("node", new UUID(0, 1)),
              new UUID(0, 2),
              new RevisionRef(new UUID(0, 3), new FunctionKey("tenant", "function"), 7),
              clock.instant(),
              Digest.ofHex("0".repeat(64)),
              settings),
          source,
          new Surroundings(
              new PoolSettings(
                  Duration.ofMillis(200),
                  Duration.ofMinutes(1),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(10)),
              new TestTicker(clock),
              clock,
              new EventLog()::publish),
          Optional.empty(),
          () -> {});
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  /** Acquires a permit for each request and forwards it. */
  private final class Front extends Handler.Abstract {
    private final HostProxy proxy = new HostProxy();

    Front() {
      installBean(proxy);
    }

    @Override
    protected void doStart() throws Exception {
      proxy.setServer(getServer());
      super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      var permit = pool.acquireNow().orElseThrow();
      var body = Optional.of(BufferUtil.EMPTY_BUFFER);
      return proxy.forward(
          new HostProxy.PermittedCall(pool, permit, body, false), request, response, callback);
    }
  }

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    server.setHandler(new Front());
    server.start();
    startInstance("one", process);
    pool.begin();
    await().until(() -> pool.state() == PoolState.SERVING);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    host.close();
  }

  private void startInstance(String name, FakeHostProcess in) throws Exception {
    HostClients.start(
        host.socket(), new InstanceSpec(name, "function", 7, List.of(), "", "/tmp", "", settings));
    source.succeed(in, name);
  }

  private HttpResponse<String> call(String method) throws Exception {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + connector.getLocalPort() + "/call/a"))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header(HostProtocol.INVOCATION, "i-1")
            .build();
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void returnsThePermitWithTheAnswer() throws Exception {
    var answer = call("GET");

    assertThat(answer.body()).isEqualTo("ok");
    assertThat(answer.headers().firstValue(HearthHeaders.REVISION)).hasValue("7");
    assertThat(answer.headers().firstValue(HearthHeaders.START)).hasValue("warm");
    await().until(() -> pool.acquireNow().isPresent());
  }

  @Test
  void aStreamKeepsThePermitUntilItsEnd() throws Exception {
    host.onCall(_ -> new CallAnswer.Streamed(List.of("a", "b")));

    var answer = call("GET");

    assertThat(answer.body()).isEqualTo("ab");
    assertThat(answer.headers().firstValue(HostProtocol.STREAMING)).isEmpty();
    await().until(() -> pool.acquireNow().isPresent());
  }

  @Test
  void replacesAnInstanceThatEndedWithItsCall() throws Exception {
    host.onCall(_ -> CallAnswer.endsInstance(504));

    assertThat(call("GET").statusCode()).isEqualTo(504);

    await().until(() -> source.starts() == 2);
    assertThat(source.discarded).isEmpty();
  }

  @Test
  void discardsAHostThatEndsItself() throws Exception {
    host.onCall(_ -> CallAnswer.endsHost(504));

    assertThat(call("GET").statusCode()).isEqualTo(504);

    await().until(() -> source.discarded.contains(process));
  }

  @Test
  void repeatsACallThatNoCodeHasSeen() throws Exception {
    host.onCall(call ->
        call.header(HostProtocol.INSTANCE).equals(Optional.of("one"))
            ? CallAnswer.notBegun()
            : new CallAnswer.Answered("second"));
    startInstance("two", process);

    var answer = call("POST");

    assertThat(answer.body()).isEqualTo("second");
    assertThat(host.calls()).hasSize(2);
  }

  @Test
  void repeatsAnIdempotentCallWhoseHostDied() throws Exception {
    host.onCall(call -> {
      if (call.header(HostProtocol.INSTANCE).equals(Optional.of("one"))) {
        process.kill();
        return new CallAnswer.Breaks();
      }
      return new CallAnswer.Answered("second");
    });
    startInstance("two", new FakeHostProcess(host.socket().toString()));

    assertThat(call("GET").body()).isEqualTo("second");
    assertThat(source.discarded).contains(process);
  }

  @Test
  void doesNotRepeatACallThatCodeMayHaveSeen() throws Exception {
    host.onCall(_ -> {
      process.kill();
      return new CallAnswer.Breaks();
    });
    startInstance("two", new FakeHostProcess(host.socket().toString()));

    var answer = call("POST");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).contains("instance_lost");
    assertThat(host.calls()).hasSize(1);
  }
}
