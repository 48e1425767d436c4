package dev.hearth.executor.host;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.HostState;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Transport;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a host process is asked over its socket.
 *
 * @param transport to the socket
 */
record HostClient(HttpClient http, Transport transport) {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  /** How long a host may take for a ping, and how many it may miss while it starts an instance. */
  private static final Duration LOOK = Duration.ofSeconds(3);

  private static final int PINGS = 3;

  /** How long it may take to stop something, which nobody waits for. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  /** Has the host's sample answer so many calls, or as many as the time allows. */
  void rehearse(int calls, Duration limit) throws InterruptedException {
    var deadline = System.nanoTime() + limit.toNanos();
    try {
      for (int i = 0; i < calls && System.nanoTime() < deadline; i++) {
        ping(limit).send();
      }
    } catch (ExecutionException | TimeoutException failed) {
      throw new IllegalStateException("the host does not answer", failed);
    }
  }

  /** Has it make an instance; blocks until it answered its probe. */
  StartResult start(InstanceSpec spec) throws InterruptedException {
    return changed(
        request(HttpMethod.POST, HostProtocol.INSTANCES, START_LIMIT)
            .body(new StringRequestContent("application/json", JSON.writeValueAsString(spec))));
  }

  /** Has an instance {@code suspend} or {@code resume}; blocks until its hooks have run. */
  StartResult change(String instance, String what) throws InterruptedException {
    return changed(
        request(
            HttpMethod.POST, HostProtocol.INSTANCES + "/" + instance + "/" + what, START_LIMIT));
  }

  private StartResult changed(Request request) throws InterruptedException {
    try {
      var answer = awaitWhileAlive(new CompletableResponseListener(request).send());
      return switch (answer.getStatus()) {
        case 201 ->
            new StartResult.Started(JSON.readValue(answer.getContent(), InstanceStarted.class));
        case 422 ->
            new StartResult.Failed(JSON.readValue(answer.getContent(), InstanceFailure.class));
        default -> new StartResult.HostLost("the host answered " + answer.getStatus());
      };
    } catch (ExecutionException | TimeoutException lost) {
      return new StartResult.HostLost(String.valueOf(lost.getMessage()));
    }
  }

  /**
   * Waits as long as the host answers anything at all; an import may take its time, but a host that
   * is out of memory need not be waited for.
   */
  private ContentResponse awaitWhileAlive(CompletableFuture<ContentResponse> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (var silent = 0; ; ) {
      try {
        return answer.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        silent = answers().join() ? 0 : silent + 1;
        if (silent == PINGS) {
          throw slow;
        }
      }
    }
  }

  /** Has it collect its garbage; the connection is closed then. */
  void rest() throws InterruptedException, IOException {
    try {
      var _ =
          request(HttpMethod.POST, HostProtocol.REST, STOP_LIMIT)
              .headers(headers -> headers.put(HttpHeader.CONNECTION, "close"))
              .send();
    } catch (ExecutionException | TimeoutException failed) {
      throw new IOException("the host does not answer", failed);
    }
  }

  /** What the process looks like from inside. */
  HostState state() throws InterruptedException, ExecutionException, TimeoutException {
    var answer = request(HttpMethod.GET, HostProtocol.STATE, LOOK).send();
    return JSON.readValue(answer.getContent(), HostState.class);
  }

  /** Has it end an instance; does not wait. */
  void stop(String instance) {
    request(HttpMethod.DELETE, HostProtocol.INSTANCES + "/" + instance, STOP_LIMIT).send(_ -> {});
  }

  /** Tells it that nobody waits for a call any more; does not wait. */
  void cancel(String invocation) {
    request(HttpMethod.DELETE, HostProtocol.CALLS + "/" + invocation, STOP_LIMIT).send(_ -> {});
  }

  /** Whether its sample answers soon. */
  CompletableFuture<Boolean> answers() {
    var answered = new CompletableFuture<Boolean>();
    ping(LOOK).send(result -> answered.complete(result.isSucceeded()));
    return answered;
  }

  private Request ping(Duration limit) {
    return request(HttpMethod.GET, HostProtocol.CALL + "/", limit)
        .headers(headers -> headers.put(HostProtocol.CALL_KIND, CallKind.PING.header()));
  }

  private Request request(HttpMethod method, String path, Duration limit) {
    return http.newRequest("http://localhost" + path)
        .method(method)
        .transport(transport)
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
