package dev.hearth.kit.dispatch;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.kit.dispatch.Outcome.Answered;
import dev.hearth.kit.dispatch.Outcome.Lost;
import dev.hearth.kit.dispatch.Outcome.NoCapacity;
import dev.hearth.kit.dispatch.Outcome.Raised;
import dev.hearth.kit.dispatch.Outcome.Rejected;
import dev.hearth.kit.dispatch.Outcome.TimedOut;
import dev.hearth.kit.web.Problems;
import dev.hearth.kit.web.VirtualThreadHandler;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.ContainerLifeCycle;

/**
 * Calls functions. A call goes to one of the placements of the function's route, or waits for one.
 * If a node refuses the call before any user code has run, the client tries another placement, or
 * waits for a newer route, within the same time limit.
 *
 * <p>There are two forms: {@link #forward} streams a client's request and the answer to it or
 * becomes a WebSocket, {@link #call} sends a whole body and returns the whole answer. Both share
 * the choice of the placement, the request's headers, the interpretation of the answer ({@link
 * Outcome}) and the decision about another attempt.
 */
public final class FunctionClient extends ContainerLifeCycle {

  /**
   * Delay before a call returns to a placement that refused it, if there is no other. A node may
   * learn of a placement later than the gateway.
   */
  private static final Duration TRY_AGAIN = Duration.ofMillis(200);

  private final Routes routes;
  private final Patience patience;
  private final NodeProxy proxy;
  private final WholeCalls whole;

  /**
   * Creates a client.
   *
   * @param token the secret shared by the services
   */
  public FunctionClient(Routes routes, NearNodes near, String token, Patience patience) {
    this.routes = routes;
    this.patience = patience;
    this.proxy = new NodeProxy(token, patience, near, new StreamRefusals());
    this.whole = new WholeCalls(proxy, token, patience);
    installBean(proxy);
  }

  /** Sets the server that Jetty's proxy belongs to. Must be called before the start. */
  public void setServer(Server server) {
    proxy.setServer(server);
  }

  /**
   * Streams a client's request to the function and the answer back. Does not block: a call waits
   * for a placement on a virtual thread.
   *
   * @param begun when the call was accepted, by {@link System#nanoTime}
   */
  public void forward(
      Invocation invocation, long begun, Request request, Response response, Callback callback)
      throws Exception {
    var attempt =
        routes
            .find(invocation.function())
            .flatMap(route -> Attempt.of(invocation, route, Set.of(), begun));
    if (attempt.isPresent()) {
      proxy.forward(attempt.get(), request, response, callback);
    } else {
      forwardLater(invocation, Set.of(), begun, request, response, callback);
    }
  }

  private void forwardLater(
      Invocation invocation,
      Set<UUID> tried,
      long begun,
      Request request,
      Response response,
      Callback callback) {
    VirtualThreadHandler.run(
        (asked, answer, done) -> {
          switch (await(invocation, tried, begun)) {
            case Ready(var attempt) -> proxy.forward(attempt, asked, answer, done);
            case None(var outcome) -> answer(outcome, asked, answer, done);
          }
          return true;
        },
        request,
        response,
        callback);
  }

  /** The result of waiting for a placement. */
  private sealed interface Wait {}

  private record Ready(Attempt attempt) implements Wait {}

  private record None(Outcome outcome) implements Wait {}

  private Wait await(Invocation invocation, Set<UUID> tried, long begun)
      throws InterruptedException {
    var function = invocation.function();
    if (routes.find(function).isEmpty()) {
      return new None(
          new Rejected(
              ErrorCode.FUNCTION_NOT_FOUND,
              "There is no live function %s. `hearth functions` lists yours and their state."
                  .formatted(function)));
    }
    for (var avoided = tried; ; avoided = Set.of()) {
      var left = patience.forRoute().minusNanos(System.nanoTime() - begun);
      if (left.isNegative()) {
        return new None(new NoCapacity(false, unready(invocation)));
      }
      var limit = avoided.isEmpty() || left.compareTo(TRY_AGAIN) < 0 ? left : TRY_AGAIN;
      var refused = avoided;
      var attempt =
          routes
              .awaitTarget(function, refused, limit)
              .flatMap(found -> Attempt.of(invocation, found, refused, begun));
      if (attempt.isPresent()) {
        return new Ready(attempt.get());
      }
    }
  }

  private String unready(Invocation invocation) {
    return "No instance of %s became ready within %d s. Try again in a moment; if this repeats, `hearth functions` shows its state."
        .formatted(invocation.function(), patience.forRoute().toSeconds());
  }

  /** Makes a call with a whole body and waits for the whole answer. */
  public WholeAnswer call(Invocation invocation, WholeRequest request) throws InterruptedException {
    var begun = System.nanoTime();
    var tried = Set.<UUID>of();
    while (true) {
      switch (await(invocation, tried, begun)) {
        case None(var outcome) -> {
          return new WholeAnswer(outcome, BufferUtil.EMPTY_BUFFER);
        }
        case Ready(var attempt) -> {
          var answer = whole.send(attempt, request);
          if (!answer.outcome().isMoved()) {
            return answer;
          }
          tried = attempt.exhausted();
        }
      }
    }
  }

  /** Sends calls that nodes refused to other placements. */
  private final class StreamRefusals implements NodeProxy.Refusals {

    @Override
    public boolean takeOver(
        Attempt attempt,
        Outcome outcome,
        boolean isUnsent,
        Request request,
        Response response,
        Callback callback) {
      if (!outcome.isMoved() || !isUnsent) {
        return false;
      }
      response.reset();
      forwardLater(
          attempt.invocation(), attempt.exhausted(), attempt.begun(), request, response, callback);
      return true;
    }

    @Override
    public void answer(Outcome outcome, Request request, Response response, Callback callback) {
      FunctionClient.answer(outcome, request, response, callback);
    }
  }

  private static void answer(
      Outcome outcome, Request request, Response response, Callback callback) {
    switch (outcome) {
      case Rejected(var code, var detail) ->
          Problems.write(request, response, callback, code, detail);
      case Raised(var code, var detail) ->
          Problems.write(request, response, callback, code, detail);
      case TimedOut(var detail) ->
          Problems.write(request, response, callback, ErrorCode.FUNCTION_TIMED_OUT, detail);
      case Lost(var detail) ->
          Problems.write(request, response, callback, ErrorCode.INSTANCE_LOST, detail);
      case NoCapacity(_, var detail) ->
          Problems.write(request, response, callback, ErrorCode.NO_INSTANCE, detail);
      case Answered(var status, _) ->
          throw new IllegalStateException(
              "an answer with status " + status + " must be forwarded, not replaced by a problem");
    }
  }
}
