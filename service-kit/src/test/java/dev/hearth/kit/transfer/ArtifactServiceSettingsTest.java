package dev.hearth.kit.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class ArtifactServiceSettingsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(BoundSettings.bind(ArtifactServiceSettings.class, Map.of()))
        .isEqualTo(
            new ArtifactServiceSettings(
                URI.create("http://127.0.0.1:8082"), Duration.ofMinutes(5)));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(() ->
            BoundSettings.bind(ArtifactServiceSettings.class, Map.of("transfer-timeout", "0s")))
        .isInstanceOf(BindException.class);
  }
}
