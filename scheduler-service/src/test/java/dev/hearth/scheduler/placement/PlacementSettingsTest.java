package dev.hearth.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class PlacementSettingsTest {

  private static PlacementSettings bind(Map<String, String> values) {
    return new Binder(new MapConfigurationPropertySource(values))
        .bindOrCreate("scheduler.placement", PlacementSettings.class);
  }

  @Test
  void hasTheDefaultsThatItDocuments() {
    assertThat(bind(Map.of())).isEqualTo(World.SETTINGS);
  }

  @Test
  void refusesToGiveANodeUpBeforeItStopsBeingLive() {
    assertThatThrownBy(() -> bind(Map.of("scheduler.placement.dead-after", "5s")))
        .rootCause()
        .hasMessage(
            "scheduler.placement.dead-after must be at least live-within (PT10S) but is PT5S");
  }
}
