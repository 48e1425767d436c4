package dev.hearth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class FakeHostTest {

  private final FakeHost host = FakeHost.start();
  private final HttpClient client =
      new HttpClient(new HttpClientTransportDynamic(new ClientConnector()));

  @BeforeEach
  void startClient() throws Exception {
    client.start();
  }

  @AfterEach
  void stop() throws Exception {
    client.stop();
    host.close();
  }

  private Request request(String method, String path) {
    return client
        .newRequest("http://localhost" + path)
        .method(method)
        .transport(new Transport.TCPUnix(host.socket()));
  }

  private Request call(String instance, String invocation) {
    return request("GET", HostProtocol.CALL + "/a?b=c")
        .headers(headers ->
            headers.put(HostProtocol.INSTANCE, instance).put(HostProtocol.INVOCATION, invocation));
  }

  private ContentResponse start(String id) throws Exception {
    var settings =
        new RuntimeSettings(
            "app:handler",
            Convention.WSGI,
            Map.of(),
            Duration.ofSeconds(1),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var spec = new InstanceSpec(id, "function", 1, List.of(), "", "/tmp", "", settings);
    return request("POST", HostProtocol.INSTANCES)
        .body(new StringRequestContent(JsonMapper.shared().writeValueAsString(spec)))
        .send();
  }

  @Test
  void answersCallsOfAnInstanceThatItStarted() throws Exception {
    assertThat(start("one").getStatus()).isEqualTo(201);

    var answer = call("one", "i").send();

    assertThat(answer.getContentAsString()).isEqualTo("ok");
    assertThat(host.calls().getFirst().path()).isEqualTo("/a?b=c");
  }

  @Test
  void saysThatAnUnknownInstanceHasEnded() throws Exception {
    var answer = call("none", "i").send();

    assertThat(answer.getHeaders().contains(HostProtocol.INSTANCE_ENDING)).isTrue();
  }

  @Test
  void tellsWhyAnInstanceDidNotStart() throws Exception {
    host.onStart(_ -> new StartAnswer.Failed("no module named x"));

    var answer = start("one");

    assertThat(answer.getStatus()).isEqualTo(422);
    assertThat(answer.getContentAsString()).contains("no module named x");
  }

  @Test
  void streamsAnAnswer() throws Exception {
    start("one");
    host.onCall(_ -> new CallAnswer.Streamed(List.of("a", "b")));

    var answer = call("one", "i").send();

    assertThat(answer.getContentAsString()).isEqualTo("ab");
    assertThat(answer.getHeaders().contains(HostProtocol.STREAMING)).isTrue();
  }

  @Test
  void breaksAHangingCallThatIsCancelled() throws Exception {
    start("one");
    host.onCall(_ -> new CallAnswer.Hangs());
    CompletableFuture<ContentResponse> answer =
        new CompletableResponseListener(call("one", "i-1")).send();
    await().until(() -> host.hanging() == 1);

    request("DELETE", HostProtocol.CALLS + "/i-1").send();

    assertThat(host.cancelled()).containsExactly("i-1");
    await().until(answer::isDone);
  }

  @Test
  void breaksTheConnectionWithoutAnAnswer() throws Exception {
    start("one");
    host.onCall(_ -> new CallAnswer.Breaks());

    assertThatThrownBy(() -> call("one", "i").send()).isInstanceOf(ExecutionException.class);
  }
}
