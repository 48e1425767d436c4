package dev.hearth.standalone;

import dev.hearth.api.ApiService;
import dev.hearth.api.gateway.GatewayReadiness;
import dev.hearth.artifact.ArtifactService;
import dev.hearth.build.BuildService;
import dev.hearth.embedded.EmbeddedDatabase;
import dev.hearth.embedded.EmbeddedKafka;
import dev.hearth.embedded.EmbeddedStore;
import dev.hearth.executor.ExecutorService;
import dev.hearth.executor.host.StemPool;
import dev.hearth.kit.dispatch.NearNodes;
import dev.hearth.kit.sandbox.Bubblewrap;
import dev.hearth.scheduler.SchedulerService;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** The back ends and the five services, started in order and stopped in the opposite one. */
final class Platform implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Platform.class);
  private static final Duration START_LIMIT = Duration.ofMinutes(5);

  /**
   * A function that does not come back must not keep the others, and its own repair, from users.
   */
  private static final Duration RETURN_LIMIT = Duration.ofMinutes(2);

  private final Options options;
  private final DataFolder data;
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  /**
   * Settings of a start.
   *
   * @param hostPath PATH of host processes
   * @param bubblewrap the executable, on PATH or with its path
   * @param criu the executable, or empty
   * @param debugHosts true to start host processes with a debug port and without a sandbox
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
      boolean debugHosts) {}

  private record BackEnds(EmbeddedKafka kafka, EmbeddedDatabase database, EmbeddedStore store) {}

  Platform(Options options) throws IOException, DataFolder.InUseException {
    this.options = options;
    this.data = DataFolder.hold(options.data());
  }

  /** Starts everything; returns when all that was deployed before takes calls again. */
  void start() throws Exception {
    var begun = Instant.now();
    say("Hearth is starting on " + options.data());
    warnOfMissingWalls();
    var accessKey = "hearth";
    var secretKey = DataFolder.secret();
    var backEnds = startBackEnds(accessKey, secretKey);
    var common = common(backEnds);

    var artifact =
        run(
            ArtifactService.application(),
            common,
            Map.of(
                "server.port",
                "0",
                "hearth.store.endpoint",
                backEnds.store().endpoint().toString(),
                "hearth.store.access-key",
                accessKey,
                "hearth.store.secret-key",
                secretKey));
    common.put("hearth.artifact-service.url", url(artifact));
    var executor = run(ExecutorService.application(), common, executorSettings());
    var build =
        run(
            BuildService.application(),
            common,
            Map.of(
                "server.port",
                "0",
                "build.uv.executable",
                options.uv(),
                "build.sandbox.trusted",
                "default",
                "build.sandbox.bubblewrap",
                options.bubblewrap(),
                "build.queue.data",
                data.resolve("build").toString(),
                "build.index.key",
                data.indexKey()));
    var scheduler = run(SchedulerService.application(), common, Map.of("server.port", "0"));
    var api =
        run(
            ApiService.application(),
            common,
            Map.of(
                "server.port", String.valueOf(options.port()),
                "server.address", options.address(),
                "api.tenant.key", data.apiKey(),
                "hearth.build-service.url", url(build),
                "api.health.services.artifact-service", url(artifact),
                "api.health.services.build-service", url(build),
                "api.health.services.scheduler-service", url(scheduler),
                "api.health.services.executor-service", url(executor)));

    api.getBean(NearNodes.class)
        .add(URI.create(url(executor)), ((JettyWebServer) server(executor)).getServer());
    var stems = executor.getBean(StemPool.class);
    var readiness = api.getBean(GatewayReadiness.class);
    await("a host process to boot", stems::wasReady);
    if (!holds(RETURN_LIMIT, () -> readiness.servesAllSince(begun))) {
      say(
          "Not everything that was deployed is ready again; `hearth functions` and the log say"
              + " more.");
    }

    var url = "http://" + options.address() + ":" + port(api);
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
              + " in a container, allow user namespaces, see docs/operating.md");
    }
  }

  private Map<String, String> executorSettings() {
    var settings = new HashMap<String, String>();
    settings.put("server.port", "0");
    settings.put("executor.node.data", data.resolve("node").toString());
    settings.put("executor.host.home", options.executorHost().toAbsolutePath().toString());
    settings.put("executor.host.trusted", "default");
    settings.put("executor.host.path", options.hostPath());
    settings.put("executor.host.bubblewrap", options.bubblewrap());
    settings.put("executor.host.criu", options.criu());
    if (options.debugHosts()) {
      settings.put("executor.host.debug", "true");
      settings.put("executor.host.isolation", "process");
    }
    return settings;
  }

  private BackEnds startBackEnds(String accessKey, String secretKey) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var kafka = threads.submit(kept(() -> EmbeddedKafka.start(data.resolve("kafka"))));
      var database = threads.submit(kept(() -> EmbeddedDatabase.start(data.resolve("postgres"))));
      var store =
          threads.submit(kept(() -> EmbeddedStore.start(data.resolve("s3"), accessKey, secretKey)));
      return new BackEnds(kafka.get(), database.get(), store.get());
    } catch (ExecutionException failed) {
      throw new IllegalStateException("a back end did not start", failed.getCause());
    }
  }

  /** Remembers what was started, so that it is stopped whatever happens after. */
  private <T extends AutoCloseable> Callable<T> kept(Callable<T> start) {
    return () -> {
      var server = start.call();
      synchronized (started) {
        started.push(server);
      }
      return server;
    };
  }

  private Map<String, String> common(BackEnds backEnds) {
    var common = new HashMap<String, String>();
    common.put("spring.datasource.url", backEnds.database().url());
    common.put("spring.datasource.username", "postgres");
    common.put("spring.cloud.stream.kafka.binder.brokers", backEnds.kafka().brokers());
    common.put("hearth.internal.token", DataFolder.secret());
    return common;
  }

  private ConfigurableApplicationContext run(
      SpringApplicationBuilder service, Map<String, String> common, Map<String, String> own) {
    var arguments = new HashMap<>(common);
    arguments.putAll(own);
    var context =
        service
            .registerShutdownHook(false)
            .run(
                arguments.entrySet().stream()
                    .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                    .toArray(String[]::new));
    synchronized (started) {
      started.push(context);
    }
    return context;
  }

  private static WebServer server(ConfigurableApplicationContext service) {
    return Objects.requireNonNull(((WebServerApplicationContext) service).getWebServer());
  }

  private static int port(ConfigurableApplicationContext service) {
    return server(service).getPort();
  }

  private static String url(ConfigurableApplicationContext service) {
    return "http://127.0.0.1:" + port(service);
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(String what, Condition condition) throws InterruptedException {
    if (!holds(START_LIMIT, condition)) {
      throw new IllegalStateException("waited " + START_LIMIT.toMinutes() + " minutes for " + what);
    }
  }

  private static boolean holds(Duration within, Condition condition) throws InterruptedException {
    var deadline = Instant.now().plus(within);
    while (!condition.holds()) {
      if (Instant.now().isAfter(deadline)) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return true;
  }

  private static void say(String line) {
    System.out.println(line);
  }

  @Override
  public void close() {
    for (var server = next(); server != null; server = next()) {
      try {
        server.close();
      } catch (Exception failed) {
        log.atWarn().setCause(failed).log("not stopped cleanly");
      }
    }
    try {
      data.close();
    } catch (IOException failed) {
      log.atWarn().setCause(failed).log("data folder not released cleanly");
    }
  }

  private @Nullable AutoCloseable next() {
    synchronized (started) {
      return started.poll();
    }
  }
}
