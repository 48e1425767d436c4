package dev.hearth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.kit.dispatch.Invocation.Origin;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {

  private final Server server = new Server();
  private final LocalConnector connector = new LocalConnector(server);
  private final BlockingQueue<Origin> origins = new LinkedBlockingQueue<>();

  /** The address that requests come from. */
  private String proxies = "";

  private final class Told extends Handler.Abstract.NonBlocking {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      origins.add(new TrustedProxies(List.of(proxies.split(" ", -1))).origin(request));
      callback.succeeded();
      return true;
    }
  }

  @BeforeEach
  void start() throws Exception {
    server.addConnector(connector);
    server.setHandler(new Told());
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private Origin origin(String trusted, String headers) throws Exception {
    proxies = trusted;
    var _ =
        connector.getResponse(
            "GET / HTTP/1.1\r\nHost: inner:8080\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n");
    return origins.take();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "X-Forwarded-For: 9.9.9.9|X-Forwarded-Proto: https; 9.9.9.9 https inner:8080",
        "X-Forwarded-For: 1.1.1.1, 9.9.9.9|X-Forwarded-Proto: https; 9.9.9.9 https inner:8080",
        "X-Forwarded-For: 9.9.9.9, 10.0.0.7|X-Forwarded-Proto: https, http; 9.9.9.9 https inner:8080",
        "X-Forwarded-For: [2001:db8::1]:99; 2001:db8::1 http inner:8080",
        "X-Forwarded-For: unknown|X-Forwarded-Proto: https; 0.0.0.0 https inner:8080",
        "X-Forwarded-Host: tea.example|X-Forwarded-Port: 8443|X-Forwarded-Proto: https; 0.0.0.0 https tea.example:8443",
        "X-Forwarded-Host: tea.example|X-Forwarded-Port: 443|X-Forwarded-Proto: https; 0.0.0.0 https tea.example",
        "X-Forwarded-Host: a b|X-Forwarded-Proto: ftp; 0.0.0.0 http inner:8080",
        "`Forwarded: for=9.9.9.9;proto=https;host=\"tea.example:81\"`; 9.9.9.9 https tea.example:81",
        "`Forwarded: for=1.1.1.1;proto=http, for=9.9.9.9;proto=https, for=10.0.0.7`; 9.9.9.9 https inner:8080",
        "`Forwarded: For=\"[2001:db8::1]:4711\"|X-Forwarded-Proto: https`; 2001:db8::1 http inner:8080",
        "`Forwarded: for=9.9.9.9;host=tea.example|X-Forwarded-Port: 8443`; 9.9.9.9 http tea.example",
      })
  void believesProxiesUpToTheFirstOtherAddress(String headers, String expected) throws Exception {
    var origin = origin("0.0.0.0 10.0.0.0/8", headers);

    assertThat(origin.client() + " " + origin.scheme() + " " + origin.host()).isEqualTo(expected);
    assertThat(origin.isProxied()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.0/8", "192.168.0.1"})
  void believesNobodyElse(String trusted) throws Exception {
    var origin = origin(trusted, "X-Forwarded-For: 9.9.9.9|X-Forwarded-Proto: https");

    assertThat(origin).isEqualTo(new Origin("0.0.0.0", "http", "inner:8080", false));
  }
}
