package dev.hearth.executor.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.executor.placement.Placements;
import dev.hearth.executor.pool.Acquisition;
import dev.hearth.executor.pool.Acquisition.Acquired;
import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.Ended;
import dev.hearth.executor.pool.Acquisition.TimedOut;
import dev.hearth.executor.pool.InstancePool;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.Problems;
import dev.hearth.kit.web.VirtualThreadHandler;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Takes calls under {@code /call} before Spring sees them, acquires a permit for each, and forwards
 * it through {@link HostProxy}.
 */
final class CallHandler extends Handler.Wrapper {

  private static final String CALL = HostProtocol.CALL + "/";

  /** Size up to which a body is read before the call waits for a permit. */
  private static final int SMALL_BODY = HostProtocol.SMALL_BODY;

  /** Longest time that a client may take to send a small body. */
  private static final Duration READ_LIMIT = Duration.ofMinutes(2);

  /** KiB that all held small bodies may take together. */
  private static final int BODIES_KIB = 64 << 10;

  private final Semaphore bodies = new Semaphore(BODIES_KIB);

  private final Placements placements;
  private final InternalSettings internal;
  private final HostProxy proxy;

  CallHandler(Handler next, Placements placements, InternalSettings internal, HostProxy proxy) {
    super(next);
    this.placements = placements;
    this.internal = internal;
    this.proxy = proxy;
    installBean(proxy);
  }

  @Override
  protected void doStart() throws Exception {
    proxy.setServer(getServer());
    super.doStart();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (!request.getHttpURI().getPath().startsWith(CALL)) {
      return super.handle(request, response, callback);
    }
    if (!internal.accepts(request.getHeaders().get(HearthHeaders.INTERNAL_TOKEN))) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.UNAUTHENTICATED,
          "This node takes calls from gateways only. Call the function at the API's address.");
      return true;
    }
    var instance = find(request.getHeaders().get(HearthHeaders.PLACEMENT));
    if (instance.isEmpty()) {
      Refusals.ended(request, response, callback);
      return true;
    }
    var length = length(request);
    if (length > HostProtocol.LARGEST_BODY) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.PAYLOAD_TOO_LARGE,
          "A request body may have at most %d MiB.".formatted(HostProtocol.LARGEST_BODY >> 20));
      return true;
    }
    if (length == 0 || length > SMALL_BODY) {
      var body = length == 0 ? Optional.of(BufferUtil.EMPTY_BUFFER) : Optional.<ByteBuffer>empty();
      call(instance.get(), body, request, response, callback);
      return true;
    }
    var reserved = (int) (length / 1024) + 1;
    if (!bodies.tryAcquire(reserved)) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.NO_INSTANCE,
          "This node holds too many request bodies. Try again in a moment.");
      return true;
    }
    var releasing = Callback.from(callback, () -> bodies.release(reserved));
    try {
      read(
          request,
          body -> call(instance.get(), Optional.of(body), request, response, releasing),
          releasing::failed);
    } catch (RuntimeException failed) {
      // Whatever failed, the permit is returned.
      releasing.failed(failed);
    }
    return true;
  }

  /** Returns the length of the body, or the largest allowed one if the client names none. */
  private static long length(Request request) {
    var isKnown = !request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    return isKnown ? Math.max(0, request.getLength()) : HostProtocol.LARGEST_BODY;
  }

  private void call(
      InstancePool pool,
      Optional<ByteBuffer> body,
      Request request,
      Response response,
      Callback callback) {
    try {
      var free = pool.acquireNow();
      if (free.isPresent()) {
        var call = new HostProxy.PermittedCall(pool, free.get(), body, false);
        proxy.forward(call, request, response, callback);
      } else {
        VirtualThreadHandler.run(
            (waiting, answer, done) -> callWhenFree(pool, body, waiting, answer, done),
            request,
            response,
            callback);
      }
    } catch (RuntimeException | Error failed) {
      // Top of a call: any failure becomes its answer.
      callback.failed(failed);
    }
  }

  private boolean callWhenFree(
      InstancePool pool,
      Optional<ByteBuffer> body,
      Request request,
      Response response,
      Callback callback)
      throws InterruptedException {
    if (!(acquire(pool, request, response, callback) instanceof Acquired(var permit))) {
      return true;
    }
    return proxy.forward(
        new HostProxy.PermittedCall(pool, permit, body, false), request, response, callback);
  }

  /** Waits for a permit; answers the request if it gets none. */
  static Acquisition acquire(
      InstancePool pool, Request request, Response response, Callback callback)
      throws InterruptedException {
    var acquisition = pool.acquire(pool.patience());
    switch (acquisition) {
      case Acquired _ -> {}
      case TimedOut timedOut -> Refusals.timedOut(request, response, callback, timedOut);
      case CannotStart cannot -> Refusals.cannotStart(request, response, callback, cannot);
      case Ended() -> Refusals.ended(request, response, callback);
    }
    return acquisition;
  }

  /** Reads the whole body before the call waits for a permit, so that slow clients hold none. */
  private static void read(
      Request request, Consumer<ByteBuffer> onRead, Consumer<Throwable> onFailure) {
    var task =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () ->
                    request.fail(
                        new TimeoutException(
                            "the request body did not arrive within " + READ_LIMIT)),
                READ_LIMIT.toMillis(),
                TimeUnit.MILLISECONDS);
    Content.Source.asByteArrayAsync(
        request,
        SMALL_BODY,
        Promise.Invocable.from(
            InvocationType.NON_BLOCKING,
            body -> {
              task.cancel();
              onRead.accept(ByteBuffer.wrap(body));
            },
            failed -> {
              task.cancel();
              onFailure.accept(failed);
            }));
  }

  private Optional<InstancePool> find(@Nullable String id) {
    try {
      return id == null ? Optional.empty() : placements.find(UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
