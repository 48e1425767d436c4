package dev.hearth.build.assembly;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/** A package index on the loopback interface. */
final class TestIndex implements AutoCloseable {

  private final HttpServer server;

  private TestIndex(HttpHandler handler) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.start();
  }

  /** Starts an index with one handler for all requests. */
  static TestIndex answering(HttpHandler handler) throws IOException {
    return new TestIndex(handler);
  }

  /** Starts an index of wheels and source distributions by file name; the map may change later. */
  static TestIndex serving(Map<String, byte[]> files) throws IOException {
    return new TestIndex(exchange -> serve(exchange, files));
  }

  private static void serve(HttpExchange exchange, Map<String, byte[]> files) throws IOException {
    var path = exchange.getRequestURI().getPath().replaceFirst("/$", "");
    var name = path.substring(path.lastIndexOf('/') + 1);
    var file = Optional.ofNullable(files.get(name));
    if (file.isPresent()) {
      send(exchange, "application/octet-stream", file.get());
      return;
    }
    var links =
        files.entrySet().stream()
            .filter(each -> each.getKey().startsWith(name.replace('-', '_') + "-"))
            .map(each ->
                "<a href=\"/files/%s#sha256=%s\">%1$s</a>"
                    .formatted(
                        each.getKey(), HexFormat.of().formatHex(Wheels.sha256(each.getValue()))))
            .collect(Collectors.joining());
    if (links.isEmpty()) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      send(exchange, "text/html", links.getBytes(StandardCharsets.UTF_8));
    }
  }

  static void send(HttpExchange exchange, String type, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", type);
    var isHead = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
    if (!isHead) {
      exchange.getResponseBody().write(body);
    }
  }

  int port() {
    return server.getAddress().getPort();
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  /** Returns the address of the index. */
  String url() {
    return origin() + "/simple";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
