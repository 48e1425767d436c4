package dev.hearth.api.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hearth.api.ApiService;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.embedded.EmbeddedDatabase;
import dev.hearth.embedded.EmbeddedKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Checks that a gateway without its database applies and acknowledges new routes. */
class RoutesWithoutDatabaseIT {

  private static final FunctionKey TEA = new FunctionKey("acme", "tea");
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir Path folder;

  private static RoutePublished route(long generation) {
    return new RoutePublished(
        new RevisionRef(new UUID(0, generation), TEA, (int) generation),
        Instant.now(),
        List.of(new Target(UUID.randomUUID(), URI.create("http://127.0.0.1:1"))),
        Convention.ASGI,
        Duration.ofSeconds(30),
        Timings.none(),
        generation);
  }

  @Test
  void takesRoutesWhileTheDatabaseIsStopped() throws IOException {
    try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"));
        var database = EmbeddedDatabase.start(folder.resolve("postgres"));
        var service =
            ApiService.application()
                .run(
                    "--server.port=0",
                    "--hearth.internal.token=0123456789abcdef",
                    "--spring.datasource.url=" + database.url(),
                    "--spring.datasource.username=postgres",
                    "--api.tenant.key=hk_0123456789abcdef0123456789abcdef",
                    "--api.gateway.name=gateway-7",
                    "--spring.cloud.stream.kafka.binder.brokers=" + kafka.brokers());
        var scheduler = producer(kafka);
        var gateways = consumer(kafka)) {
      var table = service.getBean(RouteTable.class);
      publish(scheduler, route(1));
      await().atMost(PATIENCE).until(() -> generation(table) == 1);

      database.close();
      publish(scheduler, route(2));
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> generation(table) == 2);

      var heard = new ArrayList<String>();
      await()
          .atMost(PATIENCE)
          .until(() -> {
            for (var message : gateways.poll(Duration.ofMillis(50))) {
              heard.add(message.key() + " " + message.value());
            }
            return heard.stream().anyMatch(text -> text.contains("\"acme/tea\":2"));
          });
      assertThat(heard).allMatch(text -> text.startsWith("gateway-7 "));
    }
  }

  private static KafkaProducer<String, String> producer(EmbeddedKafka kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.brokers()),
        new StringSerializer(),
        new StringSerializer());
  }

  private static void publish(KafkaProducer<String, String> producer, RoutePublished route) {
    var message =
        new ProducerRecord<>(
            route.topic(), route.key(), JsonMapper.shared().writeValueAsString(route));
    message
        .headers()
        .add("ce_type", "dev.hearth.RoutePublished.v2".getBytes(StandardCharsets.UTF_8));
    var _ = producer.send(message);
  }

  private static long generation(RouteTable table) {
    return table.find(TEA).map(RoutePublished::generation).orElse(0L);
  }

  private static KafkaConsumer<String, String> consumer(EmbeddedKafka kafka) {
    var consumer =
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
    consumer.subscribe(List.of("gateways"));
    return consumer;
  }
}
