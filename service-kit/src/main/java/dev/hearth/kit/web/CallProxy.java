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
 * One hop of a call: Jetty's reverse proxy with the platform's limits, which notices clients that
 * leave or send a broken body, and lets subclasses add headers to the answer.
 */
public abstract class CallProxy extends ProxyHandler {

  /** Attribute of a request: the step of {@code Server-Timing} that an earlier hop has made. */
  protected static final String EARLIER_STEP = CallProxy.class.getName() + ".step";

  private static final int CONNECTIONS = 1024;

  private final AwaitedAnswers answers = new AwaitedAnswers();

  @Override
  protected void doStart() throws Exception {
    installBean(answers);
    super.doStart();
  }

  /**
   * Limits the time until the answer's headers arrive; its body may take as long as the client
   * likes. A client that leaves meanwhile ends the call.
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
    // The listener of the answer is told what comes of it.
    var _ = next.abort(cause);
  }

  /** Formats a step of {@code Server-Timing} in milliseconds with three decimals. */
  protected static String timing(String step, long nanos) {
    return step + ";dur=" + TimeUnit.NANOSECONDS.toMicros(nanos) / 1e3;
  }

  /** Returns true if a part of the answer was sent already, or if the client has left. */
  protected static boolean isUnanswerable(Response response, Throwable failure) {
    return response.isCommitted() || failure instanceof ClientLeftException;
  }

  /**
   * Answers 400, or the status that fits better, if the client's body is broken.
   *
   * @return false if it is not, and nothing was answered
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

  /** Returns false if the answer is not to be sent; the call then fails with {@link #unwanted}. */
  protected boolean isWanted(Request request, org.eclipse.jetty.client.Response answer) {
    return true;
  }

  /** Returns the failure of a call whose answer is not wanted. */
  protected Throwable unwanted() {
    return new IllegalStateException("the answer is not wanted");
  }

  /** Adds headers to an answer behind those of the next hop, before any of it is sent. */
  protected abstract void annotate(
      Request request, org.eclipse.jetty.client.Response answer, Response response);

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    client.setIdleTimeout(0);
    // The client's own User-Agent is passed on.
    client.setUserAgentField(null);
    client.setMaxConnectionsPerDestination(CONNECTIONS);
    client.setExecutor(CallServer.threads("calls"));
    client.setScheduler(new ScheduledExecutorScheduler("calls-timer", true));
    // Looking up a name blocks.
    client.setSocketAddressResolver(
        new SocketAddressResolver.Async(
            Executors.newVirtualThreadPerTaskExecutor(),
            client.getScheduler(),
            client.getAddressResolutionTimeout()));
    // No listener of answers blocks.
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
