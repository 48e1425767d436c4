package dev.hearth.standalone;

import dev.hearth.api.gateway.GatewayReadiness;
import dev.hearth.executor.stem.StemPools;
import dev.hearth.kit.dispatch.NearNodes;
import dev.hearth.kit.sandbox.Bubblewrap;
import dev.hearth.standalone.Parts.Part;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The back ends and the five services on one data folder. */
final class Platform implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Platform.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  /**
   * Longest wait for deployed functions. A function that does not start must not keep users from
   * the others, or from repairing it.
   */
  private static final Duration RETURN_LIMIT = Duration.ofMinutes(2);

  private static final Duration LOOK = Duration.ofMillis(20);

  private final Options options;
  private final DataFolder data;
  private final Parts parts = new Parts();

  /**
   * Settings of a start.
   *
   * @param hostPath value of PATH for host processes
   * @param bubblewrap name of bubblewrap on PATH, or its path
   * @param criu path of CRIU, or empty
   * @param debugHosts true to start host processes with a debug port and without a sandbox
   * @param training true for a training run, which waits for no host process and announces no
   *     address
   */
  record Options(
      Path data,
      String address,
      int port,
      Path executorHost,
      String uv,
      String hostPath,
      String bubblewrap,
      String criu,
      boolean debugHosts,
      boolean training) {}

  Platform(Options options) throws IOException, DataFolder.InUseException {
    this.options = options;
    this.data = DataFolder.hold(options.data());
  }

  /** Starts everything; returns when all deployed functions take calls again, or after a limit. */
  void start() throws Exception {
    var begun = Instant.now();
    say("Hearth is starting on " + options.data());
    warnOfMissingWalls();
    var services = new Services(options, data, parts);
    var running = services.start();
    // After a start, the young generation contains mostly garbage.
    System.gc();
    if (options.training()) {
      return;
    }
    var executor = running.executor();
    var api = running.api();
    api.getBean(NearNodes.class)
        .add(
            URI.create(services.url(Part.EXECUTOR_SERVICE)),
            ((JettyWebServer) server(executor)).getServer());
    var stems = executor.getBean(StemPools.class);
    var readiness = api.getBean(GatewayReadiness.class);
    await("a host process to boot", stems::wasReady);
    if (!holds(RETURN_LIMIT, () -> readiness.servesAllSince(begun))) {
      say("Some deployed functions are not ready yet; `hearth functions` and the log show which.");
    }
    var url = "http://" + options.address() + ":" + server(api).getPort();
    data.announce(url);
    say("URL      " + url);
    say("API key  " + data.resolve("api-key"));
    say("Log      " + data.resolve("hearth.log"));
    say(
        "Ready in %.1f s. Ctrl-C stops it."
            .formatted(Duration.between(begun, Instant.now()).toMillis() / 1e3));
  }

  private void warnOfMissingWalls() {
    if (options.debugHosts()) {
      say(
          "WARNING: HEARTH_DEBUG=host starts functions without a sandbox, so that a debugger"
              + " reaches them. The log says at which port each host process listens.");
    } else if (!Bubblewrap.works(options.bubblewrap())) {
      say(
          "WARNING: There is no sandbox around functions and builds: bubblewrap is not installed,"
              + " or this machine does not allow it to create namespaces. Run only code that you"
              + " trust.");
      say(
          "hint: install bubblewrap (on Debian: apt-get install bubblewrap) and start again;"
              + " in a container, allow user namespaces, see docs/concepts/sandbox.md");
    }
  }

  private static WebServer server(ConfigurableApplicationContext service) {
    return Objects.requireNonNull(((WebServerApplicationContext) service).getWebServer());
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    if (!holds(START_LIMIT, condition)) {
      throw new IllegalStateException("waited " + START_LIMIT.toMinutes() + " minutes for " + what);
    }
  }

  private static boolean holds(Duration within, BooleanSupplier condition)
      throws InterruptedException {
    var deadline = Instant.now().plus(within);
    while (!condition.getAsBoolean()) {
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
    return true;
  }

  private static void say(String line) {
    System.out.println(line);
  }

  @Override
  public void close() {
    parts.close();
    try {
      data.close();
    } catch (IOException failed) {
      log.atWarn().setCause(failed).log("data folder not released cleanly");
    }
  }
}
