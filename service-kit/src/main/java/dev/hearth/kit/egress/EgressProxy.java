package dev.hearth.kit.egress;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ConnectHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forward proxy for plain and tunnelled HTTP. Each client has a password and its own set of
 * destinations. Refused hosts are logged.
 */
public final class EgressProxy implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EgressProxy.class);
  private static final int THREADS = 64;
  private static final String SCHEME = "Basic ";
  private static final String PASS = EgressPass.class.getName();

  private final Server server;
  private final Map<String, EgressPass> passes = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final int port;

  private EgressProxy(Server server, Connector connector) throws IOException {
    this.server = server;
    server.addConnector(connector);
    server.setHandler(new Tunnels());
    try {
      server.start();
    } catch (IOException failed) {
      throw failed;
    } catch (Exception failed) {
      // Jetty's start declares Exception.
      throw new IllegalStateException("the egress proxy could not start", failed);
    }
    this.port = connector instanceof ServerConnector tcp ? tcp.getLocalPort() : 0;
  }

  /** Starts a proxy on a free port of loopback. */
  public static EgressProxy onLoopback() throws IOException {
    var server = server();
    var connector = new ServerConnector(server, http());
    connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    return new EgressProxy(server, connector);
  }

  /** Starts a proxy on a UNIX socket, for clients without a network. */
  public static EgressProxy onSocket(Path socket) throws IOException {
    var server = server();
    var connector = new UnixDomainServerConnector(server, http());
    connector.setUnixDomainPath(socket);
    return new EgressProxy(server, connector);
  }

  private static Server server() {
    var threads = new QueuedThreadPool(THREADS, 0);
    threads.setName("egress");
    threads.setDaemon(true);
    return new Server(threads);
  }

  /** Ignores a tunnel's Host header, because aiohttp omits its port. */
  private static HttpConnectionFactory http() {
    var configuration = new HttpConfiguration();
    configuration.setHttpCompliance(
        HttpCompliance.RFC7230.with("egress", HttpCompliance.Violation.MISMATCHED_AUTHORITY));
    return new HttpConnectionFactory(configuration);
  }

  /** Returns the port, or 0 on a UNIX socket. */
  public int port() {
    return port;
  }

  /**
   * Admits a client until the pass is closed.
   *
   * @param client the client's name in the log
   */
  public EgressPass admit(String client, Destinations destinations) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    var password = HexFormat.of().formatHex(bytes);
    var pass = new EgressPass(client, destinations, password, () -> passes.remove(password));
    passes.put(password, pass);
    return pass;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failed) {
      // Jetty's stop declares Exception.
      log.atWarn().setCause(failed).log("egress proxy not stopped");
    }
  }

  private @Nullable EgressPass pass(Request request) {
    var given = request.getHeaders().get(HttpHeader.PROXY_AUTHORIZATION);
    if (given == null || !given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      var text =
          new String(
              Base64.getDecoder().decode(given.substring(SCHEME.length()).strip()),
              StandardCharsets.UTF_8);
      return passes.get(text.substring(text.indexOf(':') + 1));
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** Returns an admitted address of the host in URI syntax. */
  private static String resolve(Request request, String host) throws IOException {
    var pass = (EgressPass) request.getAttribute(PASS);
    InetAddress address;
    try {
      address = pass.destinations().resolve(host).getFirst();
    } catch (DestinationRefusedException refused) {
      if (pass.refuse(host)) {
        log.atInfo()
            .addKeyValue("client", pass.client())
            .addKeyValue("host", host)
            .log("connection refused");
      }
      throw refused;
    }
    return address instanceof Inet6Address
        ? "[" + address.getHostAddress().replaceFirst("%.*", "") + "]"
        : address.getHostAddress();
  }

  private static void refuse(
      Request request, Response response, Callback callback, IOException failed) {
    var status =
        failed instanceof DestinationRefusedException
            ? HttpStatus.FORBIDDEN_403
            : HttpStatus.BAD_GATEWAY_502;
    var reason =
        failed instanceof UnknownHostException
            ? "no such host: " + failed.getMessage()
            : String.valueOf(failed.getMessage());
    Response.writeError(request, response, callback, status, reason);
  }

  /** Checks the client's password, and handles tunnels (CONNECT). */
  private final class Tunnels extends ConnectHandler {

    Tunnels() {
      super(new Plain());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      var pass = pass(request);
      if (pass == null) {
        response.getHeaders().put(HttpHeader.PROXY_AUTHENTICATE, "Basic realm=\"egress\"");
        Response.writeError(
            request, response, callback, HttpStatus.PROXY_AUTHENTICATION_REQUIRED_407);
        return true;
      }
      request.setAttribute(PASS, pass);
      return super.handle(request, response, callback);
    }

    @Override
    protected void handleConnect(
        Request request, Response response, Callback callback, String address) {
      var colon = address.lastIndexOf(':');
      try {
        var host = colon < 0 ? address : address.substring(0, colon);
        var port = colon < 0 ? ":443" : address.substring(colon);
        super.handleConnect(request, response, callback, resolve(request, host) + port);
      } catch (IOException failed) {
        refuse(request, response, callback, failed);
      }
    }
  }

  /** Handles requests that are not tunnelled. */
  private static final class Plain extends ProxyHandler.Forward {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      try {
        request.setAttribute("address", resolve(request, Request.getServerName(request)));
      } catch (IOException failed) {
        refuse(request, response, callback, failed);
        return true;
      }
      return super.handle(request, response, callback);
    }

    @Override
    protected HttpURI rewriteHttpURI(Request request) {
      return HttpURI.build(request.getHttpURI()).host((String) request.getAttribute("address"));
    }

    @Override
    protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request next) {
      super.copyRequestHeaders(request, next);
      next.headers(headers ->
          headers
              .put(HttpHeader.HOST, request.getHttpURI().getAuthority())
              .remove(HttpHeader.PROXY_AUTHORIZATION));
    }
  }
}
