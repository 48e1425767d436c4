package dev.hearth.executor.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.executor.pool.Acquisition.Acquired;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.executor.pool.Permit;
import dev.hearth.kit.web.CallProxy;
import dev.hearth.kit.web.Problems;
import dev.hearth.kit.web.RequestTarget;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Forwards calls to hosts over their UNIX sockets, and settles each permit by the state of its
 * instance and host.
 */
final class HostProxy extends CallProxy {

  /** Time to wait for the end of a host whose connection broke. */
  private static final Duration EXIT_PATIENCE = Duration.ofMillis(500);

  private static final String PERMITTED = HostProxy.class.getName();

  /** Time after the function's limit in which the host may still answer 504 itself. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** Headers between host and node, which gateways do not see. */
  private static final Set<String> OURS =
      Set.of(
          HostProtocol.HOST_ENDING.toLowerCase(Locale.ROOT),
          HostProtocol.INSTANCE_ENDING.toLowerCase(Locale.ROOT),
          HostProtocol.STREAMING.toLowerCase(Locale.ROOT));

  /** Methods that may be repeated (RFC 9110, 9.2.2). */
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

  /** Signals that the host took the call but no code has seen it. */
  private static final class NotBegunException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * A call with its permit.
   *
   * @param body the body if it was read before; else it is forwarded as it arrives
   * @param isLast true if the call must not be repeated
   * @param begun start of the call by {@link System#nanoTime}
   */
  record PermittedCall(
      InstancePool pool, Permit permit, Optional<ByteBuffer> body, boolean isLast, long begun) {

    /** Creates a call that begins now. */
    PermittedCall(InstancePool pool, Permit permit, Optional<ByteBuffer> body, boolean isLast) {
      this(pool, permit, body, isLast, System.nanoTime());
    }

    /** Returns true if the call has reached its limit, and so may be why its host ended. */
    boolean isOver() {
      return System.nanoTime() - begun >= pool.timeout().toNanos();
    }
  }

  boolean forward(PermittedCall call, Request request, Response response, Callback callback) {
    request.setAttribute(PERMITTED, call);
    try {
      return handle(request, response, callback);
    } catch (RuntimeException | Error failed) {
      // Whatever failed, the permit is returned.
      call.permit().release();
      throw failed;
    }
  }

  private static PermittedCall permitted(Request request) {
    return (PermittedCall) request.getAttribute(PERMITTED);
  }

  @Override
  protected boolean isWanted(Request request, org.eclipse.jetty.client.Response answer) {
    return !answer.getHeaders().contains(HostProtocol.NOT_BEGUN);
  }

  @Override
  protected Throwable unwanted() {
    return new NotBegunException();
  }

  @Override
  protected void annotate(
      Request request, org.eclipse.jetty.client.Response answer, Response response) {
    var call = permitted(request);
    settle(call.permit(), answer, call.pool().timeout().plus(GRACE));
    var headers = response.getHeaders();
    headers.put(HearthHeaders.REVISION, call.pool().revision().number());
    headers.put(HearthHeaders.START, call.permit().start());
    headers.add(
        "Server-Timing",
        timing("queue", call.permit().queued().toNanos())
            + ", "
            + timing("start", call.permit().started().toNanos()));
  }

  /** Keeps the permit of a WebSocket until it ends. */
  @Override
  protected Runnable tunnelled(Request request) {
    var permit = permitted(request).permit();
    return () -> {
      if (permit.host().isAlive()) {
        permit.release();
      } else {
        permit.hostLost();
      }
    };
  }

  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    return HttpURI.build(request.getHttpURI()).scheme("http").authority("localhost");
  }

  @Override
  protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI uri) {
    var call = permitted(request);
    var hostRequest =
        getHttpClient()
            .newRequest("http://localhost")
            .method(request.getMethod())
            .path(RequestTarget.line(uri.getPathQuery()))
            .transport(call.permit().host().transport());
    limitAnswer(request, hostRequest, call.pool().timeout().multipliedBy(2).plus(GRACE));
    hostRequest.onResponseSuccess(_ -> call.permit().release());
    return hostRequest;
  }

  @Override
  protected void copyRequestHeaders(Request request, org.eclipse.jetty.client.Request hostRequest) {
    super.copyRequestHeaders(request, hostRequest);
    hostRequest.headers(headers -> {
      headers.remove(HearthHeaders.INTERNAL_TOKEN);
      headers.put(HostProtocol.INSTANCE, permitted(request).permit().hostInstance());
    });
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request request, Response response, org.eclipse.jetty.client.Request hostRequest) {
    return permitted(request)
        .body()
        .<org.eclipse.jetty.client.Request.Content>map(
            known -> new ByteBufferRequestContent(known.duplicate()))
        .orElseGet(() -> super.newProxyToServerRequestContent(request, response, hostRequest));
  }

  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request hostRequest) {
    // The gateway has added all headers that the function should see.
  }

  @Override
  protected @Nullable HttpField filterServerToProxyResponseField(HttpField field) {
    return OURS.contains(field.getLowerCaseName())
        ? null
        : super.filterServerToProxyResponseField(field);
  }

  /**
   * Settles the permit when an answer begins. A whole answer means that the user's code has ended,
   * so its permit is released at once, however slowly the client reads. A stream keeps its permit
   * until it ends or its code must have ended.
   */
  private static void settle(
      Permit permit, org.eclipse.jetty.client.Response hostResponse, Duration limit) {
    var headers = hostResponse.getHeaders();
    if (headers.contains(HostProtocol.HOST_ENDING)) {
      permit.hostLost();
    } else if (headers.contains(HostProtocol.INSTANCE_ENDING)) {
      permit.lost();
    } else if (!headers.contains(HostProtocol.STREAMING)) {
      permit.release();
    } else {
      CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
          .execute(permit::release);
    }
  }

  @Override
  protected void onServerToProxyResponseFailure(
      Request request,
      org.eclipse.jetty.client.Request hostRequest,
      org.eclipse.jetty.client.Response hostResponse,
      Response response,
      Callback callback,
      Throwable failure) {
    var permit = permitted(request).permit();
    var late = failure instanceof TimeoutException;
    if (failure instanceof NotBegunException) {
      settle(permit, hostResponse, Duration.ZERO);
      tryAgain(request, response, callback, failure);
      return;
    }
    tellLeft(request);
    // The client has left, the host is overloaded, or the host has ended. Its process may end a
    // moment after its connection.
    var lost =
        late
            ? permit.host().answers().thenApply(answers -> !answers)
            : permit.host().endsWithin(EXIT_PATIENCE);
    var _ =
        lost.thenAccept(isLost -> {
          if (isLost) {
            permit.hostLost();
            tryAgain(request, response, callback, failure);
          } else {
            permit.release();
            giveUp(request, response, callback, failure);
          }
        });
  }

  @Override
  protected boolean outlivesClient(Request request) {
    if (permitted(request).pool().onDisconnect() == OnDisconnect.CANCEL) {
      return false;
    }
    tellLeft(request);
    return true;
  }

  private static void tellLeft(Request request) {
    permitted(request)
        .permit()
        .host()
        .cancel(String.valueOf(request.getHeaders().get(HostProtocol.INVOCATION)));
  }

  /** Repeats a call that no code has seen or that is idempotent; else answers the failure. */
  private void tryAgain(Request request, Response response, Callback callback, Throwable failure) {
    var call = permitted(request);
    var isUnseen = failure instanceof NotBegunException || failure instanceof ConnectException;
    if (!(isUnseen || IDEMPOTENT.contains(request.getMethod()))
        || call.isLast()
        || call.body().isEmpty()
        || failure instanceof TimeoutException
        || (!isUnseen && call.isOver())
        || isUnanswerable(response, failure)) {
      giveUp(
          request,
          response,
          callback,
          call.isOver() && !isUnseen ? new TimeoutException() : failure);
      return;
    }
    Thread.ofVirtual()
        .name("again")
        .start(() -> {
          try {
            if (repeat(call, isUnseen, request, response, callback)) {
              return;
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException unexpected) {
            // Top of a callback: any failure becomes the answer.
            callback.failed(unexpected);
            return;
          }
          giveUp(request, response, callback, failure);
        });
  }

  /**
   * Waits for another permit and repeats the call; returns false if the call still needs an answer.
   */
  private boolean repeat(
      PermittedCall call, boolean isUnseen, Request request, Response response, Callback callback)
      throws InterruptedException {
    var next =
        isUnseen
            ? CallHandler.acquire(call.pool(), request, response, callback)
            : call.pool().acquire(call.pool().patience());
    if (next instanceof Acquired(var permit)) {
      response.reset();
      forward(
          new PermittedCall(call.pool(), permit, call.body(), true), request, response, callback);
      return true;
    }
    return isUnseen;
  }

  private static void giveUp(
      Request request, Response response, Callback callback, Throwable failure) {
    if (isUnanswerable(response, failure)) {
      callback.failed(failure);
    } else if (answerBrokenBody(request, response, callback)) {
      return;
    } else if (failure instanceof TimeoutException) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.FUNCTION_TIMED_OUT,
          "The call was not answered within twice the function's time limit. Speed up the function,"
              + " raise timeout in [tool.hearth], or lower concurrency.");
    } else {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.INSTANCE_LOST,
          "The function's process ended during the call. A new one is being started: send the call"
              + " again if it may run twice.");
    }
  }
}
