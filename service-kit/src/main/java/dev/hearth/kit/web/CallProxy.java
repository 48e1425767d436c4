package dev.hearth.kit.web;

import dev.hearth.contracts.host.HostProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpUpgrader;
import org.eclipse.jetty.client.UpgradeProtocolHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
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

  private static final String AWAITED = AwaitedAnswers.Awaited.class.getName();

  private final AwaitedAnswers answers = new AwaitedAnswers();

  @Override
  protected void doStart() throws Exception {
    installBean(answers);
    super.doStart();
    getHttpClient().getProtocolHandlers().put(new UpgradeProtocolHandler());
  }

  /** Returns true if the request asks for a WebSocket. */
  public static boolean isUpgrade(Request request) {
    return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))
        && request.getMethod().equals("GET");
  }

  /**
   * Limits the time until the answer's headers arrive, but not the time of its body. If the client
   * disconnects, the call ends, unless it outlives its client.
   */
  protected final void limitAnswer(
      Request request, org.eclipse.jetty.client.Request next, Duration limit) {
    var awaited =
        answers.watch(
            request,
            limit,
            isBegun -> {
              var goesOn = !isBegun && outlivesClient(request);
              if (!goesOn) {
                abort(next, new ClientLeftException());
              }
              return goesOn;
            },
            () -> abort(next, new TimeoutException("no answer within " + limit)));
    next.onResponseHeaders(answer -> {
      awaited.begun();
      if (awaited.hasLeft() && answer.getHeaders().contains(HostProtocol.STREAMING)) {
        abort(next, new ClientLeftException());
      }
    });
    next.onComplete(_ -> awaited.ended());
    next.attribute(AWAITED, awaited);
  }

  /**
   * Decides about a call whose client disconnected before the answer began.
   *
   * @return true if the call goes on: its answer is dropped, and a stream is ended as soon as it
   *     begins
   */
  protected boolean outlivesClient(Request request) {
    return false;
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

  /** Keeps the headers that ask for a WebSocket, which are otherwise those of one hop. */
  @Override
  protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request next) {
    super.copyRequestHeaders(request, next);
    if (isUpgrade(request)) {
      next.headers(headers -> {
        for (var header : List.of(HttpHeader.CONNECTION, HttpHeader.UPGRADE)) {
          request.getHeaders().getFields(header).forEach(headers::add);
        }
      });
    }
  }

  @Override
  protected void sendProxyToServerRequest(
      Request request,
      org.eclipse.jetty.client.Request next,
      Response response,
      Callback callback) {
    if (isUpgrade(request)) {
      HttpUpgrader.Factory tunnel =
          _ ->
              new Tunnel(
                  request, response, callback, answer -> accepted(request, answer, response));
      next.attribute(HttpUpgrader.Factory.class.getName(), tunnel);
    }
    super.sendProxyToServerRequest(request, next, response, callback);
  }

  private Runnable accepted(
      Request request, org.eclipse.jetty.client.Response answer, Response response) {
    awaited(answer.getRequest()).ifPresent(AwaitedAnswers.Awaited::ended);
    response.setStatus(answer.getStatus());
    answer.getHeaders().stream()
        .filter(field -> field.getHeader() != HttpHeader.DATE)
        .map(this::filterServerToProxyResponseField)
        .filter(Objects::nonNull)
        .forEach(response.getHeaders()::add);
    return tunnelled(request);
  }

  private static Optional<AwaitedAnswers.Awaited> awaited(org.eclipse.jetty.client.Request next) {
    return Optional.ofNullable((AwaitedAnswers.Awaited) next.getAttributes().get(AWAITED));
  }

  /** Ends a call whose client has left as one that broke, although its answer was written. */
  @Override
  protected void onProxyToClientResponseComplete(
      Request request,
      org.eclipse.jetty.client.Request next,
      org.eclipse.jetty.client.Response answer,
      Response response,
      Callback callback) {
    if (awaited(next).filter(AwaitedAnswers.Awaited::hasLeft).isPresent()) {
      callback.failed(new ClientLeftException());
    } else {
      super.onProxyToClientResponseComplete(request, next, answer, response, callback);
    }
  }

  /** Returns what must run once when the WebSocket that the next hop has accepted has ended. */
  protected Runnable tunnelled(Request request) {
    return () -> {};
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
        var date = answer.getHeaders().get(HttpHeader.DATE);
        if (date != null) {
          // Replaces the server's own, which would come before it.
          response.getHeaders().put(HttpHeader.DATE, date);
        }
      }

      @Override
      public void onSuccess(org.eclipse.jetty.client.Response answer) {
        var hasBody =
            !request.getMethod().equals("HEAD")
                && answer.getStatus() != HttpStatus.NOT_MODIFIED_304;
        if (hasBody || response.getHeaders().contains(HttpHeader.CONTENT_LENGTH)) {
          super.onSuccess(answer);
          return;
        }
        // A head that is sent with the end of its body would name the length 0.
        response.write(
            false,
            BufferUtil.EMPTY_BUFFER,
            Callback.from(() -> super.onSuccess(answer), this::failed));
      }
    };
  }
}
