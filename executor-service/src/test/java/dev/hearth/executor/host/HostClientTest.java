package dev.hearth.executor.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.host.StartResult.Failed;
import dev.hearth.executor.host.StartResult.HostLost;
import dev.hearth.executor.host.StartResult.Started;
import dev.hearth.testkit.FakeHost;
import dev.hearth.testkit.StartAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.io.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class HostClientTest {

  private static final Duration LONG = Duration.ofMinutes(10);

  private final FakeHost host = FakeHost.start();
  private final HttpClient http = new HostConfiguration().hostClient();

  @BeforeEach
  void start() throws Exception {
    http.start();
  }

  @AfterEach
  void stop() throws Exception {
    http.stop();
    host.close();
  }

  private HostClient client(Duration pingLimit) {
    return new HostClient(
        http,
        new Transport.TCPUnix(host.socket()),
        new HostSettings(LONG, LONG, pingLimit, LONG, LONG, LONG, LONG, DataSize.ofMegabytes(64)));
  }

  private static InstanceSpec spec() {
    var settings =
        new RuntimeSettings(
            "main:app",
            Convention.WSGI,
            Map.of(),
            Duration.ofSeconds(1),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return new InstanceSpec("one", "function", 1, List.of("/app"), "", "/tmp", "", settings);
  }

  @Test
  void startsAnInstance() throws Exception {
    assertThat(client(LONG).start(spec())).isInstanceOf(Started.class);
    assertThat(host.started()).containsExactly(spec());
  }

  @Test
  void tellsWhyTheCodeDidNotStart() throws Exception {
    host.onStart(_ -> new StartAnswer.Failed("SyntaxError"));

    var result = client(LONG).start(spec());

    assertThat(result)
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.details().message()).isEqualTo("SyntaxError"));
  }

  @Test
  void givesUpAHostThatAnswersAnythingElse() throws Exception {
    host.onStart(_ -> new StartAnswer.Status(500));

    assertThat(client(LONG).start(spec())).isEqualTo(new HostLost("the host answered 500"));
  }

  @Test
  void givesUpAHostThatNeitherStartsNorAnswersPings() throws Exception {
    host.onStart(_ -> new StartAnswer.Hang()).fallSilent();

    assertThat(client(Duration.ofMillis(50)).start(spec())).isInstanceOf(HostLost.class);
  }

  @Test
  void asksAnInstanceToSuspend() throws Exception {
    host.onChange(StartAnswer.Failed::new);

    assertThat(client(LONG).change("one", HostProtocol.SUSPEND))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> assertThat(failed.details().message()).isEqualTo("one/suspend"));
  }

  @Test
  void readsTheStateOfAHost() throws Exception {
    host.state(new HostState(0.5, 12, 0.25));

    assertThat(client(LONG).state()).isEqualTo(new HostState(0.5, 12, 0.25));
  }

  @Test
  void endsAnInstanceAndSaysWhenItHasEnded() {
    client(LONG).stop("one").join();

    assertThat(host.stopped()).contains("one");
  }

  @Test
  void tellsAHostThatACallerHasGone() {
    client(LONG).cancel("i-1");

    await().until(() -> host.cancelled().contains("i-1"));
  }
}
