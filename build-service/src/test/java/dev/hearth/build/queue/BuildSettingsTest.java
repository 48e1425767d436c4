package dev.hearth.build.queue;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuildSettingsTest {

  @Test
  void hasDefaultsAndRefusesNoWorker() {
    assertThat(bind(BuildSettings.class, Map.of()))
        .isEqualTo(
            new BuildSettings(
                Path.of(".hearth/build"),
                2,
                Duration.ofSeconds(15),
                Duration.ofMinutes(20),
                3,
                Duration.ofHours(24),
                Set.of("https://pypi.org/simple")));
    assertRefused(BuildSettings.class, "workers", "0");
  }
}
