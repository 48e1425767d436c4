package dev.hearth.host.server;

import dev.hearth.contracts.CallKind;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.host.call.Call;
import dev.hearth.host.call.Exchange;
import dev.hearth.host.instance.Instance;
import dev.hearth.host.instance.Instances;
import dev.hearth.host.instance.OwnState;
import dev.hearth.host.instance.Watchdog;
import dev.hearth.host.interpreter.StartFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import tools.jackson.databind.json.JsonMapper;

/** HTTP server that answers the node on all paths of {@link HostProtocol}. */
public final class HostServer extends Handler.Abstract.NonBlocking {

  /** One thread reads new connections, the other continues answered ones. */
  private static final int THREADS = 2;

  private final Path socket;
  private final Instances instances;
  private final Instance sample;
  private final Watchdog watchdog;
  private final Map<String, Exchange> underWay = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();
  private final HeapKeeper heap = new HeapKeeper(() -> !underWay.isEmpty(), System.nanoTime());
  private final JsonMapper json = JsonMapper.shared();

  /**
   * Serves the instances of a host.
   *
   * @param sample answers pings
   */
  public HostServer(Path socket, Instances instances, Instance sample) {
    this.socket = socket;
    this.instances = instances;
    this.sample = sample;
    this.watchdog = new Watchdog(instances);
  }

  public void listen() throws Exception {
    // The thread that reads a call hands it to the interpreter's thread, which writes the answer.
    // Each further hand-over would cost as much as the code of a small function.
    var threads = new QueuedThreadPool(THREADS, THREADS);
    threads.setReservedThreads(0);
    var server = new Server(threads);
    server.setDynamic(false);
    var configuration = new HttpConfiguration();
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setRequestHeaderSize(HostProtocol.HEAD_BYTES);
    configuration.setMaxResponseHeaderSize(HostProtocol.HEAD_BYTES);
    var connector =
        new UnixDomainServerConnector(
            server, null, null, null, 0, 1, new HttpConnectionFactory(configuration));
    connector.setUnixDomainPath(socket);
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(this);
    server.start();
    heap.start();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    try {
      return serve(request, response, callback);
    } catch (OutOfMemoryError _) {
      // Most likely no more threads can be started, but a new process can start some.
      Instances.halt();
      return true;
    }
  }

  private boolean serve(Request request, Response response, Callback callback) {
    var path = request.getHttpURI().getPath();
    if (Call.own(request, HostProtocol.CALL_KIND).equals(CallKind.PING.header())) {
      call("", sample, exchange(request, response, callback), request);
    } else if (path.startsWith(HostProtocol.CALL + "/")) {
      var id = Call.own(request, HostProtocol.INSTANCE);
      var exchange = exchange(request, response, callback);
      var instance = instances.find(id);
      if (instance.isPresent() && Call.isWebSocket(request)) {
        apart(callback, () -> webSocket(id, instance.get(), exchange, request, response, callback));
      } else if (instance.isPresent()) {
        call(id, instance.get(), exchange, request);
      } else {
        exchange.ending(HostProtocol.INSTANCE_ENDING);
        exchange.problem(ErrorCode.INSTANCE_LOST, "The instance has ended. Send the call again.");
      }
    } else if (path.startsWith(HostProtocol.CALLS + "/")) {
      Optional.ofNullable(underWay.get(path.substring(HostProtocol.CALLS.length() + 1)))
          .ifPresent(Exchange::left);
      write(response, callback, 204, new byte[0]);
    } else {
      apart(callback, () -> manage(path, request, response, callback));
    }
    return true;
  }

  /** Work that may block. */
  private interface Waiting {
    void run() throws Exception;
  }

  private static void apart(Callback callback, Waiting work) {
    Thread.ofVirtual()
        .name("server")
        .start(() -> {
          try {
            work.run();
          } catch (OutOfMemoryError _) {
            Instances.halt();
          } catch (Exception | Error failed) {
            // Top of a request: any failure becomes its answer.
            callback.failed(failed);
          }
        });
  }

  private void manage(String path, Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    if (path.equals(HostProtocol.INSTANCES)) {
      start(request, response, callback);
    } else if (path.startsWith(HostProtocol.INSTANCES + "/")
        && request.getMethod().equals("POST")) {
      var at = path.lastIndexOf('/');
      var id = path.substring(Math.min(at, HostProtocol.INSTANCES.length() + 1), at);
      heap.touch();
      change(id, path.substring(at + 1), response, callback);
    } else if (path.startsWith(HostProtocol.INSTANCES + "/")) {
      var id = path.substring(HostProtocol.INSTANCES.length() + 1);
      var limit = Call.own(request, HostProtocol.END_LIMIT);
      var ended =
          limit.isEmpty()
              ? instances.stop(id)
              : instances.end(id, Duration.ofMillis(Long.parseLong(limit)));
      heap.released();
      write(response, endingUnless(ended, callback), 204, new byte[0]);
    } else if (path.equals(HostProtocol.REST)) {
      heap.shrink();
      write(response, callback, 204, new byte[0]);
    } else if (path.equals(HostProtocol.STATE)) {
      write(response, callback, 200, json.writeValueAsBytes(OwnState.now()));
    } else {
      write(response, callback, 404, new byte[0]);
    }
  }

  private Exchange exchange(Request request, Response response, Callback callback) {
    heap.touch();
    return new Exchange(calls.incrementAndGet(), request, response, callback);
  }

  /** Begins a call; waits for its body first if that is small. */
  private void call(String id, Instance instance, Exchange exchange, Request request) {
    Call.read(request, call -> begin(id, instance, exchange, call), exchange::gone);
  }

  private void begin(String id, Instance instance, Exchange exchange, Call call) {
    underWay.put(call.invocation(), exchange);
    var _ =
        exchange
            .ended()
            .thenRun(() -> {
              heap.touch();
              underWay.remove(call.invocation(), exchange);
            });
    try {
      instance.begin(
          exchange, call, () -> watchdog.watch(id, instance, exchange, call.invocation()));
    } catch (OutOfMemoryError _) {
      Instances.halt();
    }
  }

  private void start(Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    var spec = json.readValue(Call.body(request), InstanceSpec.class);
    heap.touch();
    answer(response, callback, () -> json.writeValueAsBytes(instances.start(spec).started()));
  }

  private void change(String id, String what, Response response, Callback callback)
      throws InterruptedException {
    switch (what) {
      case HostProtocol.SUSPEND ->
          answer(response, callback, () -> json.writeValueAsBytes(instances.suspend(id)));
      case HostProtocol.RESUME ->
          answer(response, callback, () -> json.writeValueAsBytes(instances.resume(id)));
      default -> write(response, callback, 404, new byte[0]);
    }
  }

  /** Work that may run user code. */
  private interface Work {
    byte[] run() throws StartFailedException, InterruptedException;
  }

  private void answer(Response response, Callback callback, Work work) throws InterruptedException {
    try {
      write(response, callback, 201, work.run());
    } catch (StartFailedException failed) {
      var failure = new InstanceFailure(String.valueOf(failed.getMessage()), failed.traceback());
      write(response, callback, 422, json.writeValueAsBytes(failure));
    }
  }

  /** Returns a callback that ends the process after the answer, unless the instance has ended. */
  private static Callback endingUnless(boolean ended, Callback callback) {
    return ended ? callback : Callback.from(callback, Instances::haltAfterAnswers);
  }

  /** Begins a WebSocket call, and upgrades the connection when the code accepts. */
  private void webSocket(
      String id,
      Instance instance,
      Exchange exchange,
      Request request,
      Response response,
      Callback callback)
      throws IOException {
    call(id, instance, exchange, request);
    var decision = exchange.acceptance().join();
    if (decision.isEmpty()) {
      return;
    }
    var acceptance = decision.get();
    // Asked for now, because the request ends with the upgrade.
    var scheduler = request.getComponents().getScheduler();
    var server = request.getConnectionMetaData().getConnector().getServer();
    var container = ServerWebSocketContainer.ensure(server);
    container.setMaxTextMessageSize(HostProtocol.LARGEST_MESSAGE);
    container.setMaxBinaryMessageSize(HostProtocol.LARGEST_MESSAGE);
    container.setIdleTimeout(Duration.ZERO);
    var isOpen = false;
    try {
      isOpen =
          container.upgrade(
              (_, answer, _) -> {
                acceptance.protocol().ifPresent(answer::setAcceptedSubProtocol);
                acceptance.headers().forEach(answer.getHeaders()::add);
                return exchange.socket();
              },
              request,
              response,
              callback);
      exchange.socket().keepAlive(scheduler, instance.timeout());
    } finally {
      if (!isOpen) {
        exchange.gone();
      }
    }
  }

  private static void write(Response response, Callback callback, int status, byte[] body) {
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap(body), callback);
  }
}
