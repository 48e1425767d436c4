package dev.hearth.kit.web;

import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;

/**
 * Runs the handlers behind it on virtual threads, one for each request. What stands in front of it
 * never waits, and needs no thread but the one that reads connections: handing a call on to another
 * thread costs as much as the call itself.
 */
public final class VirtualThreadHandler extends Handler.Wrapper {

  /** One accepts connections, one or more read them; two for what is left are seldom asleep. */
  private static final int THREADS = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  public VirtualThreadHandler(Handler next) {
    super(next);
  }

  /**
   * Has a server's connections read by platform threads, and requests handled where they are read:
   * a selector is slow on a virtual thread. The server's first handler must not wait.
   */
  public static void handleWhereRead(ConfigurableJettyWebServerFactory factory) {
    factory.setThreadPool(platformThreads("http"));
    factory.addServerCustomizers(server -> server.setDynamic(false));
  }

  static QueuedThreadPool platformThreads(String name) {
    var threads = new QueuedThreadPool(THREADS, 1);
    threads.setName(name);
    threads.setReservedThreads(0);
    return threads;
  }

  @Override
  public InvocationType getInvocationType() {
    return InvocationType.NON_BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    run(super::handle, request, response, callback);
    return true;
  }

  /** Has a handler that may wait answer the request. */
  public static void run(
      Request.Handler handler, Request request, Response response, Callback callback) {
    Thread.ofVirtual()
        .name("request")
        .start(() -> {
          try {
            if (!handler.handle(request, response, callback)) {
              Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
          } catch (Exception | Error failed) {
            Response.writeError(request, response, callback, failed);
          }
        });
  }
}
