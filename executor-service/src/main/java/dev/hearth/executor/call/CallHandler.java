package dev.hearth.executor.call;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthHeaders;
import dev.hearth.executor.instance.InstanceSupervisor;
import dev.hearth.executor.instance.KeptInstance;
import dev.hearth.kit.web.InternalSettings;
import dev.hearth.kit.web.Problems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes calls under {@code /call} before Spring sees them: waits for the instance's turn, then has
 * {@link HostProxy} pass the call on.
 */
final class CallHandler extends Handler.Wrapper {

  private static final String CALL = "/call/";
  private static final int LARGEST_BODY = 64 << 20;
  private static final int BODIES_KIB = 160 << 10;

  /** Bodies that are held at a time, all together. */
  private final Semaphore bodies = new Semaphore(BODIES_KIB);

  private final InstanceSupervisor instances;
  private final InternalSettings internal;
  private final HostProxy proxy;

  CallHandler(
      Handler next, InstanceSupervisor instances, InternalSettings internal, HostProxy proxy) {
    super(next);
    this.instances = instances;
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
          "Calls come through the gateway.");
      return true;
    }
    var instance = find(request.getHeaders().get(HearthHeaders.INSTANCE));
    if (instance.isEmpty()) {
      unavailable(request, response, callback);
      return true;
    }
    var kept = instance.get();
    var reserved = reserve(request);
    if (reserved == 0) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.NO_INSTANCE,
          "Too many large bodies are under way; try again in a moment.");
      return true;
    }
    return call(kept, request, response, Callback.from(callback, () -> bodies.release(reserved)));
  }

  /** Sets memory aside for the body: KiB, or 0 when there is not enough now. */
  private int reserve(Request request) {
    var length =
        request.getLength() < 0 ? LARGEST_BODY : Math.min(request.getLength(), LARGEST_BODY);
    var wanted = (int) (length / 1024) + 1;
    return bodies.tryAcquire(wanted) ? wanted : 0;
  }

  private boolean call(KeptInstance kept, Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    var body = read(request);
    if (body.isEmpty()) {
      Problems.write(
          request,
          response,
          callback,
          ErrorCode.PAYLOAD_TOO_LARGE,
          "A request body may have %d MiB.".formatted(LARGEST_BODY >> 20));
      return true;
    }
    var lease = kept.acquire(patience(kept));
    if (lease.isEmpty()) {
      unavailable(request, response, callback);
      return true;
    }
    return proxy.forward(
        new HostProxy.LeasedCall(lease.get(), kept.revision().number(), kept.timeout(), body.get()),
        request,
        response,
        callback);
  }

  /** The whole body, so that a slow client holds up nobody's turn; nothing when it is too large. */
  private static Optional<ByteBuffer> read(Request request) throws IOException {
    try (var in = Content.Source.asInputStream(request)) {
      var body = in.readNBytes(LARGEST_BODY + 1);
      return body.length > LARGEST_BODY ? Optional.empty() : Optional.of(ByteBuffer.wrap(body));
    }
  }

  private Optional<KeptInstance> find(@org.jspecify.annotations.Nullable String id) {
    try {
      return id == null ? Optional.empty() : instances.find(UUID.fromString(id));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** A call may wait as long as the call before it may take, and for a start after that. */
  private static Duration patience(KeptInstance instance) {
    return instance.timeout().plusSeconds(30);
  }

  private static void unavailable(Request request, Response response, Callback callback) {
    Problems.write(
        request,
        response,
        callback,
        ErrorCode.NO_INSTANCE,
        "The function's instance is not ready; try again in a moment.");
  }
}
