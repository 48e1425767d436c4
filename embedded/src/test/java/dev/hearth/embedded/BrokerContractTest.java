package dev.hearth.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** Contract of a Kafka broker. */
abstract class BrokerContractTest {

  abstract String brokers();

  private final String topic = "contract-" + UUID.randomUUID();

  @Test
  void keepsTheOrderOfOneKey() {
    send(List.of("a", "b", "c"));

    assertThat(read("first", 3)).containsExactly("a", "b", "c");
  }

  @Test
  void aGroupContinuesWhereItStopped() {
    send(List.of("a", "b"));
    read("group", 2);

    send(List.of("c"));

    assertThat(read("group", 1)).containsExactly("c");
  }

  @Test
  void everyGroupReadsTheWholeTopic() {
    send(List.of("a", "b"));

    assertThat(read("one", 2)).isEqualTo(read("other", 2));
  }

  @Test
  void makesCompactedTopics() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
      var compacted = Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(compacted))).all().get();
    }

    send(List.of("old", "new"));

    assertThat(read("table", 2)).endsWith("new");
  }

  private void send(List<String> values) {
    var settings = new Properties();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (var value : values) {
        var _ = producer.send(new ProducerRecord<>(topic, "key", value));
      }
    }
  }

  private List<String> read(String group, int count) {
    var settings = new Properties();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, topic + group);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    var values = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      while (values.size() < count) {
        consumer.poll(Duration.ofSeconds(1)).forEach(read -> values.add(read.value()));
      }
      consumer.commitSync();
    }
    return values;
  }
}
