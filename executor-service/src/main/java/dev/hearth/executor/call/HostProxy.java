package dev.hearth.executor.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.executor.pool.Permit;
import dev.hearth.kit.web.CallProxy;
import dev.hearth.kit.web.Problems;
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

/** Passes a call to the host over its UNIX socket and watches what became of the instance. */
final class HostProxy extends CallProxy {

  /** For a host whose connection broke: it has ended, or the call alone went wrong. */
  private static final Duration EXIT_PATIENCE = Duration.ofMillis(500);

  private static final String LEASED = HostProxy.class.getName();

  /** How long after the limit the host may still answer 504 itself before we look at it. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  /** Between the host and us. */
  private static final Set<String> OURS =
      Set.of(
          HostProtocol.HOST_ENDING.toLowerCase(Locale.ROOT),
          HostProtocol.INSTANCE_ENDING.toLowerCase(Locale.ROOT),
          HostProtocol.STREAMING.toLowerCase(Locale.ROOT));

  /** What may be done twice (RFC 9110, 9.2.2). */
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE");

  /** The host has taken the call, but no code has seen it. */
  private static final class NotBegunException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /**
   * A call that has its turn.
   *
   * @param body when it was read before; else it is passed on as it comes
   * @param isLast whether it is not to be tried again
   * @param begun by {@link System#nanoTime}
   */
  record PermittedCall(
      InstancePool pool, Permit permit, Optional<ByteBuffer> body, boolean isLast, long begun) {

    /** It begins now. */
    PermittedCall(InstancePool pool, Permit permit, Optional<ByteBuffer> body, boolean isLast) {
      this(pool, permit, body, isLast, System.nanoTime());
    }

    /** Whether it has had all of its time: then it may be why its host ended. */
    boolean isOver() {
      return System.nanoTime() - begun >= pool.timeout().toNanos();
    }
  }

  boolean forward(PermittedCall call, Request request, Response response, Callback callback) {
    request.setAttribute(LEASED, call);
    try {
      return handle(request, response, callback);
    } catch (RuntimeException | Error failed) {
      call.permit().release();
      throw failed;
    }
  }

  private static PermittedCall leased(Request request) {
    return (PermittedCall) request.getAttribute(LEASED);
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
    var call = leased(request);
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

  @Override
  protected HttpURI rewriteHttpURI(Request request) {
    return HttpURI.build(request.getHttpURI()).scheme("http").authority("localhost");
  }

  @Override
  protected org.eclipse.jetty.client.Request newProxyToServerRequest(Request request, HttpURI uri) {
    var call = leased(request);
    var hostRequest =
        getHttpClient()
            .newRequest("http://localhost")
            .method(request.getMethod())
            .path(uri.getPathQuery())
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
      headers.put(HostProtocol.INSTANCE, leased(request).permit().hostInstance());
    });
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request request, Response response, org.eclipse.jetty.client.Request hostRequest) {
    return leased(request)
        .body()
        .<org.eclipse.jetty.client.Request.Content>map(
            known -> new ByteBufferRequestContent(known.duplicate()))
        .orElseGet(() -> super.newProxyToServerRequestContent(request, response, hostRequest));
  }

  @Override
  protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request hostRequest) {
    // The gateway has added what the function should know.
  }

  @Override
  protected @Nullable HttpField filterServerToProxyResponseField(HttpField field) {
    return OURS.contains(field.getLowerCaseName())
        ? null
        : super.filterServerToProxyResponseField(field);
  }

  /**
   * Whole answers are sent when the user's code has ended: the turn is over, however slowly the
   * client reads. A stream's is over with its end.
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
      // Its code has ended by then, however slowly the client reads.
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
    var permit = leased(request).permit();
    var late = failure instanceof TimeoutException;
    if (failure instanceof NotBegunException) {
      settle(permit, hostResponse, Duration.ZERO);
      tryAgain(request, response, callback, failure);
      return;
    }
    permit.host().cancel(String.valueOf(request.getHeaders().get(HostProtocol.INVOCATION)));
    // It was the client who left, or the host, whose process may end a moment after its connection,
    // or has more to do than it can.
    var lost =
        late
            ? permit.host().answers().thenApply(answers -> !answers)
            : permit.host().endsWithin(EXIT_PATIENCE);
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

  /** Where no code has seen the call, or may see it twice, it goes to the instance's next life. */
  private void tryAgain(Request request, Response response, Callback callback, Throwable failure) {
    var call = leased(request);
    var isUnseen = failure instanceof NotBegunException || failure instanceof ConnectException;
    if (!(isUnseen || IDEMPOTENT.contains(request.getMethod()))
        || call.isLast()
        || call.body().isEmpty()
        || failure instanceof TimeoutException
        || !isUnseen && call.isOver()
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
            var next = call.pool().acquire(call.pool().patience());
            if (next.isPresent()) {
              var again = new PermittedCall(call.pool(), next.get(), call.body(), true);
              response.reset();
              forward(again, request, response, callback);
              return;
            }
            if (isUnseen) {
              CallHandler.unavailable(request, response, callback);
              return;
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          } catch (RuntimeException unexpected) {
            callback.failed(unexpected);
            return;
          }
          giveUp(request, response, callback, failure);
        });
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
          "The call was not answered within the function's limit and as long again before it. Make it faster, raise timeout in [tool.hearth], or lower concurrency.");
    } else {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.INSTANCE_LOST,
          "The function's process ended during the call; a new one is being made.");
    }
  }
}
