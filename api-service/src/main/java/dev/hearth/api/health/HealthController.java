package dev.hearth.api.health;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.AdminClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * Serves {@code GET /v1/health} without an API key, and so without details that would help an
 * attacker.
 */
@RestController
class HealthController {

  private static final Logger log = LoggerFactory.getLogger(HealthController.class);
  private static final String UP = "up";
  private static final String DOWN = "down";

  private final HealthSettings settings;
  private final JdbcClient jdbc;
  private final AdminClient broker;
  private final JsonMapper json;
  private final HttpClient http;

  HealthController(
      HealthSettings settings,
      JdbcClient jdbc,
      @Qualifier("healthBroker") AdminClient broker,
      JsonMapper json) {
    this.settings = settings;
    this.jdbc = jdbc;
    this.broker = broker;
    this.json = json;
    this.http = HttpClient.newBuilder().connectTimeout(settings.patience()).build();
  }

  /**
   * The health of the platform.
   *
   * @param status {@code up} if every component is up, else {@code down}
   * @param components {@code up} or {@code down} for each service, the database, the broker and the
   *     store
   * @param node the sandbox of the node's hosts ({@code isolation}) and their way to start ({@code
   *     start})
   */
  record Health(String status, Map<String, String> components, Map<String, String> node) {}

  /** Answers 200 if all components are up, else 503. */
  @GetMapping("/v1/health")
  ResponseEntity<Health> health() {
    var components = new TreeMap<String, String>();
    components.put("api-service", UP);
    var asked = new TreeMap<String, CompletableFuture<String>>();
    settings.services().forEach((name, url) -> asked.put(name, ask(url)));
    components.put("database", database());
    components.put("broker", broker());
    var node = new TreeMap<String, String>();
    asked.forEach((name, answer) -> components.put(name, answer(name, answer, components, node)));
    var up = components.values().stream().allMatch(UP::equals);
    return ResponseEntity.status(up ? 200 : 503).body(new Health(up ? UP : DOWN, components, node));
  }

  private CompletableFuture<String> ask(URI url) {
    var request =
        HttpRequest.newBuilder(url.resolve("/health")).timeout(settings.patience()).GET().build();
    return http.sendAsync(request, BodyHandlers.ofString()).thenApply(answer -> answer.body());
  }

  private String answer(
      String name,
      CompletableFuture<String> answer,
      Map<String, String> components,
      Map<String, String> node) {
    try {
      var health = json.readTree(answer.get(settings.patience().toMillis(), TimeUnit.MILLISECONDS));
      var store = health.path("components").path("store").path("status");
      if (store.isString()) {
        components.put("store", store.asString().equals("UP") ? UP : DOWN);
      }
      health
          .at("/components/hosts/details")
          .properties()
          .forEach(detail -> node.put(detail.getKey(), detail.getValue().asString()));
      return health.path("status").asString().equals("UP") || store.isString() ? UP : DOWN;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return DOWN;
    } catch (ExecutionException | TimeoutException | RuntimeException failed) {
      // A check that fails in any way is a back end that is down.
      log.atWarn()
          .addKeyValue("service", name)
          .addKeyValue("cause", String.valueOf(failed))
          .log("service does not answer");
      return DOWN;
    }
  }

  private String database() {
    try {
      return jdbc.sql("SELECT 1").query(Integer.class).single() == 1 ? UP : DOWN;
    } catch (org.springframework.dao.DataAccessException _) {
      return DOWN;
    }
  }

  private String broker() {
    try {
      broker.describeCluster().nodes().get(settings.patience().toMillis(), TimeUnit.MILLISECONDS);
      return UP;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return DOWN;
    } catch (ExecutionException | TimeoutException _) {
      return DOWN;
    }
  }
}
