package dev.hearth.api.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class BuildServiceSettingsTest {

  @Test
  void hasTheDefaultsThatItDocuments() {
    assertThat(BoundSettings.bind(BuildServiceSettings.class, Map.of()))
        .isEqualTo(new BuildServiceSettings(URI.create("http://127.0.0.1:8081")));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(
            () -> BoundSettings.bind(BuildServiceSettings.class, Map.of("url", "not an address")))
        .isInstanceOf(BindException.class);
  }
}
