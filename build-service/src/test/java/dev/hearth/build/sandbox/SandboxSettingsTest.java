package dev.hearth.build.sandbox;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class SandboxSettingsTest {

  @Test
  void hasDefaultsAndRefusesTooFewProcesses() {
    assertThat(bind(SandboxSettings.class, Map.of()))
        .isEqualTo(
            new SandboxSettings(
                "bwrap",
                Set.of(),
                Duration.ofMinutes(3),
                DataSize.ofGigabytes(2),
                DataSize.ofMegabytes(512),
                DataSize.ofMegabytes(4),
                256));
    assertRefused(SandboxSettings.class, "processes", "7");
  }
}
