package dev.hearth.testkit.contract;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import tools.jackson.databind.json.JsonMapper;

/** Speaks the host protocol to one host, as a node does. */
final class HostClient implements AutoCloseable {

  static final String ROOT_PATH = "/f/contract";

  private static final JsonMapper JSON = JsonMapper.shared();

  private final TestedHost host;
  private final String unstoppable;
  private final AtomicInteger count = new AtomicInteger();
  private final HttpClient http =
      new HttpClient(new HttpClientTransportDynamic(new ClientConnector()));

  /**
   * Connects to a host.
   *
   * @param unstoppable Python code that only the end of the process stops
   */
  HostClient(TestedHost host, String unstoppable) throws Exception {
    this.host = host;
    this.unstoppable = unstoppable;
    http.setRequestBufferSize(2 * HostProtocol.HEAD_BYTES);
    http.start();
  }

  Request request(String method, String path) {
    return http.newRequest("http://localhost" + path)
        .method(method)
        .transport(new Transport.TCPUnix(host.socket()));
  }

  /** Asks the host to start an instance of the contract's function. */
  ContentResponse start(String id, String entry, Convention convention, Duration timeout)
      throws Exception {
    return start(id, entry, convention, timeout, Optional.empty());
  }

  ContentResponse start(
      String id,
      String entry,
      Convention convention,
      Duration timeout,
      Optional<OnDisconnect> onDisconnect)
      throws Exception {
    var settings =
        new RuntimeSettings(
            entry,
            convention,
            Map.of("UNSTOPPABLE", unstoppable),
            timeout,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            onDisconnect);
    var code = Files.createDirectories(host.folder().resolve(id + "-code"));
    Files.write(code.resolve("app.py"), function());
    var spec =
        new InstanceSpec(
            id,
            "contract",
            1,
            List.of(code.toString()),
            "",
            temporary(id).toString(),
            "",
            settings);
    return request("POST", HostProtocol.INSTANCES)
        .body(new StringRequestContent(JSON.writeValueAsString(spec)))
        .send();
  }

  /** Returns the folder that an instance may write to. */
  Path temporary(String id) {
    return host.folder().resolve(id + "-tmp");
  }

  private static byte[] function() throws IOException {
    try (InputStream source =
        Objects.requireNonNull(HostClient.class.getResourceAsStream("app.py"))) {
      return source.readAllBytes();
    }
  }

  /** Prepares a call with all the headers that a node sends. */
  Request call(String instance, CallKind kind, String method, String path) {
    return request(method, HostProtocol.CALL + path)
        .headers(headers ->
            headers
                .put(HostProtocol.INSTANCE, instance)
                .put(HostProtocol.INVOCATION, "call-" + count.incrementAndGet())
                .put(HostProtocol.CALL_KIND, kind.header())
                .put(HostProtocol.ROOT_PATH, ROOT_PATH)
                .put(HostProtocol.CLIENT, "192.0.2.1")
                .put(HostProtocol.HOST, "contract.localhost")
                .put(HostProtocol.SCHEME, "https"));
  }

  Request get(String instance, String path) {
    return call(instance, CallKind.HTTP, "GET", path);
  }

  /** Sends a request and returns its answer as a future. */
  static CompletableFuture<ContentResponse> later(Request request) {
    return new CompletableResponseListener(request).send();
  }

  @Override
  public void close() throws Exception {
    http.stop();
  }
}
