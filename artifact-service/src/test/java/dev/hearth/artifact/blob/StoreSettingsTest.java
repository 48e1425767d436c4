package dev.hearth.artifact.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class StoreSettingsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(
            BoundSettings.bind(
                StoreSettings.class, Map.of("access-key", "id", "secret-key", "secret")))
        .isEqualTo(
            new StoreSettings(
                URI.create("http://127.0.0.1:9000"),
                "id",
                "secret",
                "hearth",
                Duration.ofMinutes(15)));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(() ->
            BoundSettings.bind(StoreSettings.class, Map.of("access-key", "id", "secret-key", " ")))
        .isInstanceOf(BindException.class);
  }
}
