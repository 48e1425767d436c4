package dev.hearth.build.index;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexSettingsTest {

  @Test
  void hidesItsKeyAndRefusesNone() {
    var settings = bind(IndexSettings.class, Map.of("key", "a key of 32 characters or longer"));

    assertThat(settings.toString()).doesNotContain("a key");
    assertRefused(IndexSettings.class, "key", "");
  }
}
