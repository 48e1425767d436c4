package dev.hearth.standalone;

import dev.hearth.api.ApiService;
import dev.hearth.artifact.ArtifactService;
import dev.hearth.build.BuildService;
import dev.hearth.embedded.EmbeddedDatabase;
import dev.hearth.embedded.EmbeddedKafka;
import dev.hearth.embedded.EmbeddedStore;
import dev.hearth.embedded.FreePort;
import dev.hearth.executor.ExecutorService;
import dev.hearth.scheduler.SchedulerService;
import dev.hearth.standalone.Parts.Part;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the back ends and the five services. A service starts as soon as its back ends have
 * started, concurrently with the other services. All ports are chosen first, so that each service
 * knows the others' addresses.
 */
final class Services {

  private static final String ACCESS_KEY = "hearth";

  private final Platform.Options options;
  private final DataFolder data;
  private final Parts parts;
  private final String secretKey = DataFolder.secret();
  private final String internalToken = DataFolder.secret();
  private final Map<Part, Integer> ports;

  /** The services that the platform queries after the start. */
  record Running(ConfigurableApplicationContext executor, ConfigurableApplicationContext api) {}

  Services(Platform.Options options, DataFolder data, Parts parts) throws IOException {
    this.options = options;
    this.data = data;
    this.parts = parts;
    this.ports =
        Map.of(
            Part.ARTIFACT_SERVICE, FreePort.find(),
            Part.EXECUTOR_SERVICE, FreePort.find(),
            Part.BUILD_SERVICE, FreePort.find(),
            Part.SCHEDULER_SERVICE, FreePort.find());
  }

  /** Starts everything; returns when every service has started. */
  Running start() {
    var kafka = parts.start(Part.KAFKA, () -> EmbeddedKafka.start(data.resolve("kafka")));
    var database =
        parts.start(Part.DATABASE, () -> EmbeddedDatabase.start(data.resolve("postgres")));
    var store =
        parts.start(
            Part.STORE, () -> EmbeddedStore.start(data.resolve("s3"), ACCESS_KEY, secretKey));
    var backEnds = new BackEnds(kafka, database, store);
    // First, so that a host process boots while the other services start.
    var executor =
        start(
            Part.EXECUTOR_SERVICE, ExecutorService.application(), this::executor, backEnds, kafka);
    var api =
        start(Part.API_SERVICE, ApiService.application(), this::api, backEnds, kafka, database);
    var all =
        CompletableFuture.allOf(
            executor,
            api,
            start(
                Part.ARTIFACT_SERVICE,
                ArtifactService.application(),
                () -> artifact(backEnds),
                backEnds,
                kafka,
                database,
                store),
            start(
                Part.BUILD_SERVICE,
                BuildService.application(),
                this::build,
                backEnds,
                kafka,
                database),
            start(
                Part.SCHEDULER_SERVICE,
                SchedulerService.application(),
                HashMap::new,
                backEnds,
                kafka,
                database));
    all.join();
    return new Running(executor.join(), api.join());
  }

  private record BackEnds(
      CompletableFuture<EmbeddedKafka> kafka,
      CompletableFuture<EmbeddedDatabase> database,
      CompletableFuture<EmbeddedStore> store) {}

  private CompletableFuture<ConfigurableApplicationContext> start(
      Part part,
      SpringApplicationBuilder service,
      Callable<Map<String, String>> own,
      BackEnds backEnds,
      CompletableFuture<?>... needed) {
    return parts.start(
        part,
        () -> {
          var settings = new HashMap<>(common(backEnds));
          if (ports.containsKey(part)) {
            settings.put("server.port", String.valueOf(ports.get(part)));
          }
          settings.putAll(own.call());
          return run(service, settings);
        },
        needed);
  }

  private static ConfigurableApplicationContext run(
      SpringApplicationBuilder service, Map<String, String> settings) {
    return service
        .registerShutdownHook(false)
        .run(
            settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new));
  }

  private Map<String, String> common(BackEnds backEnds) {
    var common = new HashMap<String, String>();
    if (backEnds.database().isDone()) {
      common.put("spring.datasource.url", backEnds.database().join().url());
      common.put("spring.datasource.username", "postgres");
    }
    common.put("spring.cloud.stream.kafka.binder.brokers", backEnds.kafka().join().brokers());
    common.put("hearth.internal.token", internalToken);
    common.put("hearth.artifact-service.url", url(Part.ARTIFACT_SERVICE));
    return common;
  }

  private Map<String, String> artifact(BackEnds backEnds) {
    return Map.of(
        "hearth.store.endpoint", backEnds.store().join().endpoint().toString(),
        "hearth.store.access-key", ACCESS_KEY,
        "hearth.store.secret-key", secretKey);
  }

  private Map<String, String> executor() {
    var settings = new HashMap<String, String>();
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

  private Map<String, String> build() throws IOException {
    return Map.of(
        "build.uv.executable", options.uv(),
        "build.sandbox.trusted", "default",
        "build.sandbox.bubblewrap", options.bubblewrap(),
        "build.queue.data", data.resolve("build").toString(),
        "build.index.key", data.indexKey());
  }

  private Map<String, String> api() throws IOException {
    return Map.of(
        "server.port", String.valueOf(options.port()),
        "server.address", options.address(),
        "api.tenant.key", data.apiKey(),
        "hearth.build-service.url", url(Part.BUILD_SERVICE),
        "api.health.services.artifact-service", url(Part.ARTIFACT_SERVICE),
        "api.health.services.build-service", url(Part.BUILD_SERVICE),
        "api.health.services.scheduler-service", url(Part.SCHEDULER_SERVICE),
        "api.health.services.executor-service", url(Part.EXECUTOR_SERVICE));
  }

  /** Returns the address of an internal service. */
  String url(Part part) {
    return "http://127.0.0.1:" + ports.get(part);
  }
}
