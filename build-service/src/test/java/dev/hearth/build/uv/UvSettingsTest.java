package dev.hearth.build.uv;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class UvSettingsTest {

  @Test
  void hasDefaultsAndRefusesNoExecutable() {
    assertThat(bind(UvSettings.class, Map.of("executable", "uv")))
        .isEqualTo(
            new UvSettings(
                "uv",
                Duration.ofMinutes(5),
                DataSize.ofGigabytes(1),
                Duration.ofMinutes(15),
                "python3",
                Set.of(),
                UvSettings.PURE_FALLBACK));
    assertRefused(UvSettings.class, "executable", " ");
  }
}
