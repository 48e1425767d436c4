package dev.hearth.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.ArtifactEvent.ArtifactPublished;
import dev.hearth.contracts.events.GatewayEvent.GatewayHeartbeat;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.HearthEvent;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.ReleaseEvent.RevisionReleased;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.embedded.EmbeddedDatabase;
import dev.hearth.embedded.EmbeddedKafka;
import dev.hearth.testkit.SampleSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/** Walks a revision from its artifact to its release through Kafka and PostgreSQL. */
class SchedulerServiceIT {

  @TempDir static Path folder;

  private static final NodeRef NODE = new NodeRef("node-1", UUID.randomUUID());
  private static final GatewayRef GATEWAY = new GatewayRef("gateway-1", UUID.randomUUID());
  private static final URI URL = URI.create("http://127.0.0.1:1");
  private static final RevisionRef REVISION =
      new RevisionRef(UUID.randomUUID(), new FunctionKey("acme", "tea"), 1);
  private static final Timings TIMINGS = Timings.none().with("warm", Duration.ofMillis(5));

  private static EmbeddedKafka kafka;
  private static EmbeddedDatabase database;
  private static ConfigurableApplicationContext service;
  private static KafkaConsumer<String, String> consumer;
  private static KafkaProducer<String, String> producer;

  private final Map<String, ConsumerRecord<String, String>> heard = new HashMap<>();

  @BeforeAll
  static void start() throws IOException {
    kafka = EmbeddedKafka.start(folder.resolve("kafka"));
    database = EmbeddedDatabase.start(folder.resolve("postgres"));
    service =
        SchedulerService.application()
            .run(
                "--server.port=0",
                "--hearth.internal.token=0123456789abcdef",
                "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=postgres",
                "--spring.cloud.stream.kafka.binder.brokers=" + kafka.brokers());
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                kafka.brokers(),
                "group.id",
                "test",
                "auto.offset.reset",
                "earliest",
                "metadata.max.age.ms",
                "200"),
            new StringDeserializer(),
            new StringDeserializer());
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.brokers()),
            new StringSerializer(),
            new StringSerializer());
    consumer.subscribe(List.of("placements", "routes", "releases"));
  }

  @AfterAll
  static void stop() throws IOException {
    producer.close();
    consumer.close();
    service.close();
    kafka.close();
    database.close();
  }

  /** Publishes an event as another service does. */
  private static void publish(HearthEvent event, String type) {
    var message =
        new ProducerRecord<>(
            event.topic(), event.key(), JsonMapper.shared().writeValueAsString(event));
    message.headers().add("ce_type", type.getBytes(StandardCharsets.UTF_8));
    var _ = producer.send(message);
  }

  private <E> E await(Class<E> event) {
    var type = "dev.hearth." + event.getSimpleName() + ".";
    org.awaitility.Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> {
          for (var message : consumer.poll(Duration.ofMillis(50))) {
            heard.put(header(message, "ce_type"), message);
          }
          return heard.keySet().stream().anyMatch(name -> name.startsWith(type));
        });
    var message =
        heard.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(type))
            .findFirst()
            .orElseThrow()
            .getValue();
    return JsonMapper.shared().readValue(message.value(), event);
  }

  private static String header(ConsumerRecord<String, String> message, String name) {
    return new String(message.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void releasesARevisionWhenEveryGatewayHasItsRoute() {
    var settings = SampleSettings.of(Convention.ASGI);
    publish(
        new GatewayHeartbeat(GATEWAY, Instant.now(), Map.of()), "dev.hearth.GatewayHeartbeat.v1");
    publish(new NodeHeartbeat(NODE, Instant.now(), URL, List.of(), 1), "NodeHeartbeat");
    publish(
        new ArtifactPublished(REVISION, Instant.now(), Digest.ofHex("ab".repeat(32)), settings),
        "dev.hearth.ArtifactPublished.v2");

    var command = await(StartPlacement.class);
    publish(
        new InstanceReady(NODE, command.placement(), REVISION, Instant.now(), TIMINGS, List.of()),
        "dev.hearth.InstanceReady.v3");
    var route = await(RoutePublished.class);
    publish(
        new GatewayHeartbeat(GATEWAY, Instant.now(), Map.of("acme/tea", 1L)),
        "dev.hearth.GatewayHeartbeat.v1");
    var released = await(RevisionReleased.class);

    assertThat(command.settings()).isEqualTo(settings);
    assertThat(route.generation()).isEqualTo(1);
    assertThat(route.targets())
        .singleElement()
        .satisfies(target -> {
          assertThat(target.placement()).isEqualTo(command.placement());
          assertThat(target.node()).isEqualTo(URL);
        });
    assertThat(released.timings()).isEqualTo(TIMINGS);
    var message = heard.get("dev.hearth.RevisionReleased.v1");
    assertThat(message.key()).isEqualTo("acme/tea");
    assertThat(header(message, "ce_source")).isEqualTo("scheduler-service");
    assertThat(header(message, "ce_tenant")).isEqualTo("acme");
    assertThat(Instant.parse(header(message, "ce_time"))).isEqualTo(released.occurredAt());
  }
}
