package dev.hearth.embedded;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Runs the broker contract on the embedded Kafka. */
class EmbeddedKafkaIT extends BrokerContractTest {

  @TempDir private static Path folder = Path.of("unset");
  private static EmbeddedKafka server;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedKafka.start(folder.resolve("kafka"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  String brokers() {
    return server.brokers();
  }
}
