package dev.hearth.kit.dispatch;

import static dev.hearth.kit.dispatch.TestRoutes.FUNCTION;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.kit.dispatch.Invocation.Origin;
import dev.hearth.kit.web.Problems;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;

/** Gateways and fake nodes of a test, with clients of them. */
final class TestCalls implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(20);
  static final Patience SHORT = new Patience(Duration.ofMillis(300), Duration.ZERO);
  static final Patience LONG = new Patience(LIMIT, LIMIT);

  final TestRoutes routes = new TestRoutes();
  private final NearNodes near = new NearNodes();
  final HttpClient http = HttpClient.newHttpClient();
  private final List<AutoCloseable> servers = new ArrayList<>();

  /** Stops all servers that it has started. */
  @Override
  public void close() throws Exception {
    for (var server : servers.reversed()) {
      server.close();
    }
    http.close();
  }

  URI gateway(Patience patience) throws Exception {
    var client = new FunctionClient(routes, near, "a secret that is long", patience);
    var server =
        new TestServer(
            new TestGateway(
                client,
                (request, response, callback) -> {
                  var path = request.getHttpURI().getPathQuery();
                  var function =
                      path.startsWith("/none") ? new FunctionKey("acme", "none") : FUNCTION;
                  var invocation =
                      new Invocation(
                          UUID.randomUUID(),
                          function,
                          CallKind.HTTP,
                          "/f",
                          path,
                          Origin.of(request));
                  client.forward(invocation, System.nanoTime(), request, response, callback);
                  return true;
                }));
    servers.add(server);
    return URI.create("http://127.0.0.1:" + server.port());
  }

  TestServer node(Request.Handler handler) throws Exception {
    var server = TestServer.node(handler);
    servers.add(server);
    return server;
  }

  /** Has calls of the node's address handled without the network, if the way is near. */
  TestServer node(String way, Request.Handler handler) throws Exception {
    var server = node(handler);
    if (way.equals("near")) {
      near.add(URI.create("http://127.0.0.1:" + server.port()), handler);
    }
    return server;
  }

  HttpResponse<String> send(URI gateway, String path, BodyPublisher body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(gateway.resolve(path)).POST(body).timeout(LIMIT).build(),
        BodyHandlers.ofString());
  }

  HttpResponse<String> get(URI gateway) throws Exception {
    return http.send(
        HttpRequest.newBuilder(gateway.resolve("/x")).timeout(LIMIT).build(),
        BodyHandlers.ofString());
  }

  /** Answers with the request's placement, path and body. */
  static boolean echo(Request request, Response response, Callback callback) {
    Content.Source.asString(
        request,
        StandardCharsets.UTF_8,
        Promise.from(
            body -> {
              response
                  .getHeaders()
                  .put("X-Token", "" + request.getHeaders().get(HearthHeaders.INTERNAL_TOKEN));
              var query = request.getHeaders().get(HostProtocol.QUERY);
              var text =
                  (query == null
                          ? request.getHttpURI().getPathQuery()
                          : request.getHttpURI().getPath() + "?" + utf8(query))
                      + " "
                      + body;
              response.write(
                  true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
            },
            callback::failed));
    return true;
  }

  private static String utf8(String bytes) {
    return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  static boolean moved(Request request, Response response, Callback callback) {
    Problems.writeNotBegun(request, response, callback, "The placement has ended.");
    return true;
  }

  /** Sends bytes as they are; reads until the server ends the connection. */
  static String raw(URI gateway, String request, boolean isHalfClosed) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort())) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      if (isHalfClosed) {
        socket.shutdownOutput();
      }
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
