package dev.hearth.scheduler.placement;

import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementSettingsTest {

  @Test
  void hasTheDefaultsThatItDocuments() {
    assertThat(bind(PlacementSettings.class, Map.of())).isEqualTo(World.SETTINGS);
  }

  @Test
  void refusesToGiveANodeUpBeforeItStopsBeingLive() {
    assertThatThrownBy(() -> bind(PlacementSettings.class, Map.of("dead-after", "5s")))
        .rootCause()
        .hasMessage(
            "scheduler.placement.dead-after must be at least live-within (PT10S) but is PT5S");
  }
}
