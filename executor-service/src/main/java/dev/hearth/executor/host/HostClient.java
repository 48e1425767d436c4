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
 * Client of the host protocol, over the UNIX socket of one host.
 *
 * @param transport transport over the socket
 */
record HostClient(HttpClient http, Transport transport, HostSettings settings) {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Pings in a row that a host may miss while it starts an instance. */
  private static final int MISSED_PINGS = 3;

  /** Makes sample calls until their number or the time limit is reached. */
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

  /** Starts an instance; blocks until it has answered its probe or failed. */
  StartResult start(InstanceSpec spec) throws InterruptedException {
    return changed(
        request(HttpMethod.POST, HostProtocol.INSTANCES, settings.startLimit())
            .body(new StringRequestContent("application/json", JSON.writeValueAsString(spec))));
  }

  /** Asks an instance to {@code suspend} or {@code resume}; blocks until its hooks have run. */
  StartResult change(String instance, String what) throws InterruptedException {
    return changed(
        request(
            HttpMethod.POST,
            HostProtocol.INSTANCES + "/" + instance + "/" + what,
            settings.startLimit()));
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
   * Waits for an answer while the host answers pings. An import may take its time, but a host that
   * is out of memory is given up.
   */
  private ContentResponse awaitWhileAlive(CompletableFuture<ContentResponse> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    for (var silent = 0; ; ) {
      try {
        return answer.get(settings.pingLimit().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException slow) {
        silent = answers().join() ? 0 : silent + 1;
        if (silent == MISSED_PINGS) {
          throw slow;
        }
      }
    }
  }

  /** Asks the host to collect garbage; closes the connection afterwards. */
  void rest() throws InterruptedException, IOException {
    try {
      var _ =
          request(HttpMethod.POST, HostProtocol.REST, settings.stopLimit())
              .headers(headers -> headers.put(HttpHeader.CONNECTION, "close"))
              .send();
    } catch (ExecutionException | TimeoutException failed) {
      throw new IOException("the host does not answer", failed);
    }
  }

  /** Asks the host for its use of resources. */
  HostState state() throws InterruptedException, ExecutionException, TimeoutException {
    var answer = request(HttpMethod.GET, HostProtocol.STATE, settings.pingLimit()).send();
    return JSON.readValue(answer.getContent(), HostState.class);
  }

  /** Asks the host to end an instance; completes when it has ended or the host does not answer. */
  CompletableFuture<Void> stop(String instance) {
    var ended = new CompletableFuture<Void>();
    request(
            HttpMethod.DELETE,
            HostProtocol.INSTANCES + "/" + instance,
            settings.endLimit().plus(settings.stopLimit()))
        .headers(headers ->
            headers.put(HostProtocol.END_LIMIT, Long.toString(settings.endLimit().toMillis())))
        .send(_ -> ended.complete(null));
    return ended;
  }

  /** Tells the host that the client of an invocation has left; does not wait. */
  void cancel(String invocation) {
    request(HttpMethod.DELETE, HostProtocol.CALLS + "/" + invocation, settings.stopLimit())
        .send(_ -> {});
  }

  /** Completes with true if the host answers a ping in time. */
  CompletableFuture<Boolean> answers() {
    var answered = new CompletableFuture<Boolean>();
    ping(settings.pingLimit()).send(result -> answered.complete(result.isSucceeded()));
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
