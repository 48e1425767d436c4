package dev.hearth.kit.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.testkit.BoundSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;

class InternalSettingsTest {

  @Test
  void hasTheDocumentedDefaults() {
    assertThat(BoundSettings.bind(InternalSettings.class, Map.of("token", "0123456789abcdef")))
        .isEqualTo(new InternalSettings("0123456789abcdef"));
  }

  @Test
  void refusesABadValue() {
    assertThatThrownBy(
            () -> BoundSettings.bind(InternalSettings.class, Map.of("token", "too short")))
        .isInstanceOf(BindException.class);
  }
}
