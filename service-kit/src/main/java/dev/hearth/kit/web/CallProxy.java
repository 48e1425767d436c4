package dev.hearth.kit.web;

import dev.hearth.contracts.host.HostProtocol;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.SocketAddressResolver;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;

/**
 * One hop of a call: Jetty's reverse proxy with the platform's limits. It detects clients that
 * disconnect or send a malformed body, and lets subclasses add headers to the answer.
 */
public abstract class CallProxy extends ProxyHandler {

  /** Request attribute: the {@code Server-Timing} entry of an earlier hop. */
  protected static final String EARLIER_STEP = CallProxy.class.getName() + ".step";

  private static final int CONNECTIONS = 1024;

  private final AwaitedAnswers answers = new AwaitedAnswers();

  @Override
  protected void doStart() throws Exception {
    installBean(answers);
    super.doStart();
  }

  /**
   * Limits the time until the answer's headers arrive, but not the time of its body. The call ends
   * if the client disconnects.
   */
  protected final void limitAnswer(
      Request request, org.eclipse.jetty.client.Request next, Duration limit) {
    var awaited =
        answers.watch(
            request,
            limit,
            () -> abort(next, new ClientLeftException()),
            () -> abort(next, new TimeoutException("no answer within " + limit)));
    next.onResponseHeaders(_ -> awaited.begun());
    next.onComplete(_ -> awaited.ended());
  }

  private static void abort(org.eclipse.jetty.client.Request next, Throwable cause) {
    // The answer's listener handles the result.
    var _ = next.abort(cause);
  }

  /** Formats a {@code Server-Timing} entry in milliseconds with three decimals. */
  protected static String timing(String step, long nanos) {
    return step + ";dur=" + TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }

  /** Returns true if part of the answer was sent, or if the client has disconnected. */
  protected static boolean isUnanswerable(Response response, Throwable failure) {
    return response.isCommitted() || failure instanceof ClientLeftException;
  }

  /**
   * Responds with 400 or a more specific status if the client's body is malformed.
   *
   * @return false if the body is not malformed; nothing was sent then
   */
  protected static boolean answerBrokenBody(Request request, Response response, Callback callback) {
    if (!(request.getAttribute(ClientBody.FAILURE) instanceof Throwable failure)) {
      return false;
    }
    ClientBody.answer(failure, request, response, callback);
    return true;
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request request, Response response, org.eclipse.jetty.client.Request next) {
    return new ClientBody(request, new ProxyRequestContent(request));
  }

  /** Returns false if the answer must not be sent; the call then fails with {@link #unwanted}. */
  protected boolean isWanted(Request request, org.eclipse.jetty.client.Response answer) {
    return true;
  }

  /** Returns the failure of a call whose answer must not be sent. */
  protected Throwable unwanted() {
    return new IllegalStateException("the answer was discarded");
  }

  /** Adds headers after those of the next hop, before the answer is sent. */
  protected abstract void annotate(
      Request request, org.eclipse.jetty.client.Response answer, Response response);

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    client.setIdleTimeout(0);
    // Keeps the client's own User-Agent.
    client.setUserAgentField(null);
    client.setMaxConnectionsPerDestination(CONNECTIONS);
    client.setExecutor(CallServer.threads("calls"));
    client.setScheduler(new ScheduledExecutorScheduler("calls-timer", true));
    // Name resolution blocks, so it must not run on a selector thread.
    client.setSocketAddressResolver(
        new SocketAddressResolver.Async(
            Executors.newVirtualThreadPerTaskExecutor(),
            client.getScheduler(),
            client.getAddressResolutionTimeout()));
    // The answers' listeners do not block.
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
        if (!isWanted(request, answer)) {
          abort(next, unwanted());
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
