package dev.hearth.kit.web;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportDynamic;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.ContainerLifeCycle;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.eclipse.jetty.websocket.api.Configurable;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * One hop of a WebSocket. Connects to the next hop first, because the function may refuse, then
 * forwards messages in both directions.
 */
public final class WebSocketProxy extends ContainerLifeCycle {

  /** Largest message in bytes, as in Python's servers by default. */
  private static final int LARGEST_MESSAGE = HostProtocol.LARGEST_MESSAGE;

  /** The transport of the current thread's request, if it is not TCP. */
  private static final ScopedValue<Transport> WAY = ScopedValue.newInstance();

  /** Time after which the connection pool of an ended host is dropped. */
  private static final Duration FORGOTTEN = Duration.ofMinutes(1);

  private final WebSocketClient client;

  public WebSocketProxy() {
    var connector = new ClientConnector();
    connector.setSelectors(1);
    var http = new TransportClient(connector);
    http.setExecutor(new VirtualThreadPool());
    this.client = new WebSocketClient(http);
    installBean(client);
    allow(client);
  }

  private static void allow(Configurable side) {
    side.setMaxTextMessageSize(LARGEST_MESSAGE);
    side.setMaxBinaryMessageSize(LARGEST_MESSAGE);
    // The function's host closes WebSockets that were silent for too long.
    side.setIdleTimeout(Duration.ZERO);
  }

  /** Client that uses the transport in {@link #WAY}, because upgrade requests cannot name one. */
  private static final class TransportClient extends HttpClient {

    TransportClient(ClientConnector connector) {
      super(new HttpClientTransportDynamic(connector));
      setIdleTimeout(0);
      setDestinationIdleTimeout(FORGOTTEN.toMillis());
    }

    @Override
    public org.eclipse.jetty.client.Request newRequest(URI uri) {
      var request = super.newRequest(uri);
      return WAY.isBound() ? request.transport(WAY.get()) : request;
    }
  }

  /**
   * The next hop of a WebSocket.
   *
   * @param address {@code ws://…}
   * @param transport transport to the host if it is not TCP; the address's host is only a label
   *     then
   * @param headers headers of the handshake
   * @param limit longest wait for the function to accept
   */
  public record Target(
      URI address,
      Optional<Transport> transport,
      Map<String, List<String>> headers,
      Duration limit) {}

  /** Returns true if the request asks for a WebSocket. */
  public static boolean isUpgrade(Request request) {
    return request.getMethod().equals("GET")
        && "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
  }

  /**
   * Forwards a WebSocket.
   *
   * @param end called once when the WebSocket ended or could not be opened, with the next hop's
   *     headers
   */
  public void forward(
      Target target,
      Server server,
      Request request,
      Response response,
      Callback callback,
      Consumer<HttpFields> end)
      throws InterruptedException {
    forwardUnless(_ -> false, target, server, request, response, callback, end);
  }

  /**
   * Forwards a WebSocket. Sends nothing to the client if the next hop's refusal is unwanted.
   *
   * @param unwanted decides by the headers of a refusal whether it is unwanted
   * @param end called once when the WebSocket ended or could not be opened, with the next hop's
   *     headers
   * @return true if the refusal was unwanted; nothing was sent to the client then
   */
  public boolean forwardUnless(
      Predicate<HttpFields> unwanted,
      Target target,
      Server server,
      Request request,
      Response response,
      Callback callback,
      Consumer<HttpFields> end)
      throws InterruptedException {
    var refusal = new Refusal();
    var pair = new WebSocketPair(() -> end.accept(refusal.headers));
    try {
      connect(target, pair, upgrade(target, request), refusal)
          .get(target.limit().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | IOException failed) {
      pair.close();
      if (unwanted.test(refusal.headers)) {
        return true;
      }
      refusal.answer(request, response, callback);
      return false;
    } catch (RuntimeException | InterruptedException unexpected) {
      // Whatever failed, both sides are closed.
      pair.close();
      throw unexpected;
    }
    var container = ServerWebSocketContainer.ensure(server);
    allow(container);
    var accepted =
        container.upgrade(
            (_, answer, _) -> {
              pair.protocol().ifPresent(answer::setAcceptedSubProtocol);
              return pair.back();
            },
            request,
            response,
            callback);
    if (!accepted) {
      pair.close();
      Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
    }
    return false;
  }

  private CompletableFuture<Session> connect(
      Target target, WebSocketPair pair, ClientUpgradeRequest upgrade, Refusal refusal)
      throws IOException {
    return target.transport().isEmpty()
        ? client.connect(pair.onwards(), upgrade, refusal)
        : ScopedValue.where(WAY, target.transport().get())
            .call(() -> client.connect(pair.onwards(), upgrade, refusal));
  }

  private static ClientUpgradeRequest upgrade(Target target, Request request) {
    var upgrade = new ClientUpgradeRequest(target.address());
    upgrade.setTimeout(target.limit().toMillis(), TimeUnit.MILLISECONDS);
    target
        .headers()
        .forEach((name, values) -> {
          if (!isOurs(name)) {
            upgrade.setHeader(name, values);
          }
        });
    upgrade.setSubProtocols(
        request.getHeaders().getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, true));
    return upgrade;
  }

  /** Returns true if the header belongs to one connection only. */
  private static boolean isOurs(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return lower.startsWith("sec-websocket-")
        || lower.equals("connection")
        || lower.equals("upgrade")
        || lower.equals("host")
        || lower.equals("content-length");
  }

  /** The next hop's refusal of a handshake. */
  private static final class Refusal implements JettyUpgradeListener {
    private volatile int status = HttpStatus.BAD_GATEWAY_502;
    private volatile HttpFields headers = HttpFields.EMPTY;

    @Override
    public void onHandshakeResponse(
        org.eclipse.jetty.client.Request asked, org.eclipse.jetty.client.Response answer) {
      status = answer.getStatus();
      headers = answer.getHeaders();
    }

    void answer(Request request, Response response, Callback callback) {
      var code = headers.get(HearthHeaders.ERROR);
      if (code == null) {
        // A status below 400 other than 101 is not a valid answer to a handshake.
        var said = status >= 400 ? status : HttpStatus.BAD_GATEWAY_502;
        Response.writeError(request, response, callback, said);
        return;
      }
      var known =
          Arrays.stream(ErrorCode.values())
              .filter(one -> one.code().equals(code))
              .findFirst()
              .orElse(ErrorCode.INTERNAL);
      Problems.write(request, response, callback, known, known.title());
    }
  }
}
