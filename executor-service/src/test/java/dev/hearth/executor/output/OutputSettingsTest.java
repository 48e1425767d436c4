package dev.hearth.executor.output;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputSettingsTest {

  @Test
  void hasDefaultsAndRefusesNone() {
    assertThat(bind(OutputSettings.class, Map.of())).isEqualTo(new OutputSettings(10_000, 500));
    assertRefused(OutputSettings.class, "lines", "0");
  }
}
