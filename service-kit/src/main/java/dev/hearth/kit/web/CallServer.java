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
 * How a server takes calls: by platform threads, and each where it is read. Handing a call on to
 * another thread costs as much as the call itself, and a selector is slow on a virtual thread.
 */
public final class CallServer {

  /** One accepts connections, one or more read them; two for what is left are seldom asleep. */
  private static final int THREADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  private CallServer() {}

  /**
   * Puts a handler in front of Spring, whose requests have virtual threads.
   *
   * @param front makes a handler that never waits, and that hands on what is not a call
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

  /** Has it take every call that a function may understand, and send every answer. */
  private static void admitCalls(Server server) {
    for (var connector : server.getConnectors()) {
      var http = connector.getConnectionFactory(HttpConnectionFactory.class).getHttpConfiguration();
      http.setUriCompliance(UriCompliance.UNSAFE);
      // Spring's setting is the size that each answer begins with, which is not reused.
      http.setMaxResponseHeaderSize(HostProtocol.HEAD_BYTES);
    }
  }

  /** For connections; work that waits is not theirs. */
  static QueuedThreadPool threads(String name) {
    var threads = new QueuedThreadPool(THREADS, 1);
    threads.setName(name);
    threads.setReservedThreads(0);
    return threads;
  }
}
