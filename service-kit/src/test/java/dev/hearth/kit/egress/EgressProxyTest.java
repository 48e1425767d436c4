package dev.hearth.kit.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressProxyTest {

  private HttpServer server;
  private EgressProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var seen = exchange.getRequestHeaders();
          var body =
              (seen.getFirst("Host") + " " + seen.containsKey("Proxy-Authorization"))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    proxy = EgressProxy.onLoopback();
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  private HttpResponse<String> get(EgressPass pass, String host)
      throws IOException, InterruptedException {
    var login = URI.create(pass.url(proxy.port())).getUserInfo().split(":", 2);
    try (var client =
        HttpClient.newBuilder()
            .proxy(
                ProxySelector.of(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port())))
            .authenticator(
                new Authenticator() {
                  @Override
                  protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication(login[0], login[1].toCharArray());
                  }
                })
            .build()) {
      var address = "http://%s:%d/".formatted(host, server.getAddress().getPort());
      return client.send(
          HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost, true",
    "localhost, LOCALHOST, true",
    "*.example.org, api.example.org, true",
    "*.example.org, example.org, false",
    "*.example.org, badexample.org, false",
    "example.org, api.example.org, false",
    "127.0.0.1, localhost, false",
  })
  void admitsNamesOnly(String allowed, String asked, boolean isAdmitted) {
    Destinations loopback = _ -> List.of(InetAddress.getLoopbackAddress());
    var named = loopback.named(List.of(allowed));

    if (isAdmitted) {
      assertThatCode(() -> named.resolve(asked)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> named.resolve(asked))
          .isInstanceOf(DestinationRefusedException.class);
    }
  }

  @Test
  void forwardsAdmittedRequestsWithoutThePassword() throws Exception {
    var pass = proxy.admit("test", Destinations.only(Set.of("localhost")));
    assertThat(get(pass, "localhost").body())
        .isEqualTo("localhost:" + server.getAddress().getPort() + " false");
    assertThat(pass.refused()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, localhost, 200",
    "localhost, other.example, 200",
    "127.0.0.1, localhost, 403",
  })
  void tunnelsToTheHostOfTheRequestLine(String destination, String host, int status)
      throws IOException {
    var pass = proxy.admit("test", Destinations.only(Set.of("localhost")));
    var login = URI.create(pass.url(proxy.port())).getUserInfo().getBytes(UTF_8);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      var request =
          """
          CONNECT %s:%d HTTP/1.1\r
          Host: %s\r
          Proxy-Authorization: Basic %s\r
          \r
          """
              .formatted(
                  destination,
                  server.getAddress().getPort(),
                  host,
                  Base64.getEncoder().encodeToString(login));
      socket.getOutputStream().write(request.getBytes(UTF_8));

      assertThat(
              new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine())
          .contains(" " + status + " ");
    }
  }

  @Test
  void refusesPrivateAddressesUnderAnyName() throws Exception {
    var pass = proxy.admit("test", Destinations.outside());
    assertThat(get(pass, "localhost").statusCode()).isEqualTo(403);
    assertThat(get(pass, "127.0.0.1").statusCode()).isEqualTo(403);
    assertThat(pass.refused()).containsExactlyInAnyOrder("localhost", "127.0.0.1");
  }

  @Test
  void aClosedPassIsInvalid() {
    var pass = proxy.admit("test", Destinations.only(Set.of("localhost")));
    pass.close();
    assertThatThrownBy(() -> get(pass, "localhost")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, false",
    "10.1.2.3, false",
    "172.16.0.9, false",
    "192.168.0.1, false",
    "169.254.169.254, false",
    "100.64.0.1, false",
    "0.0.0.0, false",
    "::1, false",
    "fd00::1, false",
    "fe80::1, false",
    "::ffff:10.0.0.1, false",
    "64:ff9b::a00:1, false",
    "224.0.0.1, false",
    "93.184.216.34, true",
    "2606:2800:220:1::1, true"
  })
  void knowsPrivateAddresses(String address, boolean admitted) {
    var resolved = assertThatCode(() -> Destinations.outside().resolve(address));
    if (admitted) {
      resolved.doesNotThrowAnyException();
    } else {
      resolved.isInstanceOf(DestinationRefusedException.class);
    }
  }
}
