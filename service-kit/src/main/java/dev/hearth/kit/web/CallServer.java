package dev.hearth.kit.web;

import dev.hearth.contracts.host.HostProtocol;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;

/**
 * Configures a server for calls: the platform thread that reads a call also handles it. Passing a
 * call to another thread costs as much as the call, and a selector is slow on a virtual thread.
 */
public final class CallServer {

  /** Number of threads: one accepts connections, at least one reads, two do the rest. */
  private static final int THREADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  private CallServer() {}

  /**
   * Installs a handler in front of Spring. Requests to Spring run on virtual threads.
   *
   * @param front wraps the next handler in one that never blocks and passes on requests that are
   *     not calls
   */
  public static void takeCalls(
      ConfigurableJettyWebServerFactory factory, UnaryOperator<Handler> front) {
    factory.setThreadPool(threads("http"));
    factory.addServerCustomizers(server -> {
      server.setDynamic(false);
      admitCalls(server);
      server.setHandler(front.apply(new VirtualThreadHandler(server.getHandler())));
    });
  }

  /** Makes a server accept every request and answer that functions may use. */
  public static void admitCalls(Server server) {
    ServerRules.apply(server);
    for (var connector : server.getConnectors()) {
      var http = connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
      http.setUriCompliance(UriCompliance.UNSAFE);
      // Spring's own setting would allocate a buffer of this size for each answer.
      http.setMaxResponseHeaderSize(HostProtocol.HEAD_BYTES);
    }
  }

  /** Creates the threads of connections, which must not block. */
  static QueuedThreadPool threads(String name) {
    var threads = new QueuedThreadPool(THREADS, 1);
    threads.setName(name);
    threads.setReservedThreads(0);
    return threads;
  }
}
