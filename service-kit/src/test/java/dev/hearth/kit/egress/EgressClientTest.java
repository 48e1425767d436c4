package dev.hearth.kit.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EgressClientTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/inside",
        exchange -> {
          exchange.sendResponseHeaders(200, 6);
          exchange.getResponseBody().write("secret".getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    redirect("/same", "localhost");
    redirect("/other", "127.0.0.1");
    server.start();
  }

  private void redirect(String path, String host) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", address(host, "/inside"));
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String address(String host, String path) {
    return "http://%s:%d%s".formatted(host, server.getAddress().getPort(), path);
  }

  @Test
  void followsRedirectsOnlyToAdmittedHosts() throws IOException {
    try (var client = new EgressClient(Destinations.only(Set.of("localhost")))) {
      var body = client.get(address("localhost", "/same"), LIMIT);
      assertThat(body.readAllBytes()).asString().isEqualTo("secret");

      assertThatThrownBy(() -> client.get(address("localhost", "/other"), LIMIT))
          .hasMessageContaining("127.0.0.1 are not allowed");
    }
  }
}
