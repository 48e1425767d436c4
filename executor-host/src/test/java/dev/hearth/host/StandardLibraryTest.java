package dev.hearth.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.testkit.contract.TestedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.StringRequestContent;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Evaluates {@code standard_library.py} in an instance. It fails when Hearth does not mend a gap of
 * GraalPy, and when GraalPy has closed a gap, so that the fix is removed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandardLibraryTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String FUNCTION = "standard_library";
  private static final Duration TIMEOUT = Duration.ofMinutes(10);

  /** Each code with the right value and the one that it has. */
  private List<List<String>> values = List.of();

  @BeforeAll
  void evaluate(@TempDir Path folder) throws Exception {
    try (var host = GraalPyHost.boot(folder);
        var http = new HttpClient(new HttpClientTransportDynamic(new ClientConnector()))) {
      http.start();
      var started =
          request(http, host, "POST", HostProtocol.INSTANCES)
              .body(new StringRequestContent(JSON.writeValueAsString(specification(folder))))
              .send();
      assertThat(started.getStatus()).as(started.getContentAsString()).isEqualTo(201);
      ContentResponse got =
          request(http, host, "GET", HostProtocol.CALL + "/values")
              .headers(headers ->
                  headers
                      .put(HostProtocol.INSTANCE, "values")
                      .put(HostProtocol.INVOCATION, "call")
                      .put(HostProtocol.CALL_KIND, CallKind.HTTP.header())
                      .put(HostProtocol.ROOT_PATH, "/f")
                      .put(HostProtocol.CLIENT, "192.0.2.1")
                      .put(HostProtocol.HOST, "f.localhost")
                      .put(HostProtocol.SCHEME, "https"))
              .send();
      assertThat(got.getStatus()).as(got.getContentAsString()).isEqualTo(200);
      values = JSON.readValue(got.getContent(), new TypeReference<>() {});
    }
  }

  private static Request request(HttpClient http, TestedHost host, String method, String path) {
    return http.newRequest("http://localhost" + path)
        .method(method)
        .transport(new Transport.TCPUnix(host.socket()));
  }

  private static InstanceSpec specification(Path folder) throws IOException {
    var code = Files.createDirectories(folder.resolve("code"));
    var file = FUNCTION + ".py";
    try (var source = Objects.requireNonNull(StandardLibraryTest.class.getResourceAsStream(file))) {
      Files.copy(source, code.resolve(file));
    }
    var settings =
        new RuntimeSettings(
            FUNCTION + ":app",
            Convention.ASGI,
            Map.of(),
            TIMEOUT,
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var temporary = folder.resolve("temporary").toString();
    return new InstanceSpec(
        "values", FUNCTION, 1, List.of(code.toString()), "", temporary, "", settings);
  }

  List<List<String>> values() {
    return values;
  }

  @ParameterizedTest
  @MethodSource("values")
  void codeHasItsValue(List<String> value) {
    assertThat(value.get(2)).as(value.get(0)).isEqualTo(value.get(1));
  }
}
