package dev.hearth.api.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class HealthSettingsTest {

  @Test
  void hasTheDefaultsThatItDocuments() {
    assertThat(BoundSettings.bind(HealthSettings.class, Map.of("brokers", "127.0.0.1:9092")))
        .isEqualTo(new HealthSettings("127.0.0.1:9092", Map.of(), Duration.ofSeconds(2)));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(() ->
            BoundSettings.bind(
                HealthSettings.class, Map.of("brokers", "127.0.0.1:9092", "patience", "0s")))
        .isInstanceOf(BindException.class);
  }
}
