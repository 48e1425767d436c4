package dev.hearth.executor.placement;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementSettingsTest {

  @Test
  void hasDefaultsAndWarmsAtLeastOne() {
    assertThat(bind(PlacementSettings.class, Map.of()))
        .isEqualTo(new PlacementSettings(1, Duration.ofSeconds(3), Duration.ofSeconds(30)));
    assertRefused(PlacementSettings.class, "warming", "0");
  }
}
