package dev.hearth.embedded;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.testcontainers.kafka.KafkaContainer;

/** Runs the broker contract on Kafka in a container. */
@EnabledIfEnvironmentVariable(
    named = "HEARTH_TEST_CONTAINERS",
    matches = "1",
    disabledReason = "needs a container engine: ./hearth test --containers")
class KafkaContainerIT extends BrokerContractTest {

  private static final KafkaContainer server = new KafkaContainer("apache/kafka:4.2.1");

  @BeforeAll
  static void start() {
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Override
  String brokers() {
    return server.getBootstrapServers();
  }
}
