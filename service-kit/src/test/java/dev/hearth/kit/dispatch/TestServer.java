package dev.hearth.kit.dispatch;

import dev.hearth.kit.web.CallServer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A Jetty server on a free port with one handler; a node, or the gateway in front of it. */
final class TestServer implements AutoCloseable {

  private final Server server = new Server();

  /** Starts a server whose handler may not block. */
  TestServer(Handler handler) throws Exception {
    var connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
    CallServer.admitCalls(server);
    server.start();
  }

  /** Starts a node. */
  static TestServer node(Request.Handler handler) throws Exception {
    return new TestServer(
        new Handler.Abstract.NonBlocking() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            return handler.handle(request, response, callback);
          }
        });
  }

  int port() {
    return ((NetworkConnector) server.getConnectors()[0]).getLocalPort();
  }

  Server server() {
    return server;
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
