package dev.hearth.kit.web;

import dev.hearth.contracts.host.HostProtocol;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * One hop of a call: Jetty's reverse proxy with our limits, and a place to add headers to what
 * comes back.
 */
public abstract class CallProxy extends ProxyHandler {

  /** The attribute of a request with a step of {@code Server-Timing} that was made before. */
  protected static final String EARLIER_STEP = CallProxy.class.getName() + ".step";

  private static final int CONNECTIONS = 1024;

  private final AwaitedAnswers answers = new AwaitedAnswers();

  @Override
  protected void doStart() throws Exception {
    installBean(answers);
    super.doStart();
  }

  /**
   * Bounds the time until the answer's headers are there; passing its body on may take as long as
   * the client likes. A client that leaves meanwhile ends the call.
   */
  protected final void limitAnswer(
      Request request, org.eclipse.jetty.client.Request next, Duration limit) {
    var awaited =
        answers.watch(
            request,
            limit,
            () -> next.abort(new ClientLeftException()),
            () -> next.abort(new TimeoutException("no answer within " + limit)));
    next.onResponseHeaders(_ -> awaited.begun());
    next.onComplete(_ -> awaited.ended());
  }

  /** A step of {@code Server-Timing}, with microseconds. */
  protected static String timing(String step, long nanos) {
    return step + ";dur=" + nanos / 1000 / 1e3;
  }

  /** Whether it is too late for an answer, or there is nobody to have it. */
  protected static boolean isUnanswerable(Response response, Throwable failure) {
    return response.isCommitted() || failure instanceof ClientLeftException;
  }

  /** Whether an answer is one; else the call fails with {@link #unwanted}. */
  protected boolean isWanted(org.eclipse.jetty.client.Response answer) {
    return true;
  }

  protected Throwable unwanted() {
    return new IllegalStateException("the answer is not wanted");
  }

  /** Adds headers to an answer, after those that came from behind and before any of it is sent. */
  protected abstract void annotate(
      Request request, org.eclipse.jetty.client.Response answer, Response response);

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    client.setIdleTimeout(0);
    // The client's own is passed on.
    client.setUserAgentField(null);
    client.setMaxConnectionsPerDestination(CONNECTIONS);
    client.setExecutor(CallServer.threads("calls"));
    client.setScheduler(new ScheduledExecutorScheduler("calls-timer", true));
    // Names are looked up by waiting.
    client.setSocketAddressResolver(
        new SocketAddressResolver.Async(
            Executors.newVirtualThreadPerTaskExecutor(),
            client.getScheduler(),
            client.getAddressResolutionTimeout()));
    // Nothing that happens to an answer waits.
    client.getHttpClientTransport().setInvocationType(InvocationType.NON_BLOCKING);
    client.setMaxRequestHeadersSize(HostProtocol.HEAD_BYTES);
    client.setMaxResponseHeadersSize(HostProtocol.HEAD_BYTES);
  }

  @Override
  protected org.eclipse.jetty.client.Response.CompleteListener newServerToProxyResponseListener(
      Request request,
      org.eclipse.jetty.client.Request next,
      Response response,
      Callback callback) {
    return new ProxyResponseListener(request, next, response, callback) {
      @Override
      public void onHeaders(org.eclipse.jetty.client.Response answer) {
        if (!isWanted(answer)) {
          next.abort(unwanted());
          return;
        }
        super.onHeaders(answer);
        annotate(request, answer, response);
        if (request.getAttribute(EARLIER_STEP) instanceof String step) {
          response.getHeaders().add("Server-Timing", step);
        }
      }
    };
  }
}
