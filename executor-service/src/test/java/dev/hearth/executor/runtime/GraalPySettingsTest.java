package dev.hearth.executor.runtime;

import static dev.hearth.testkit.BoundSettings.assertRefused;
import static dev.hearth.testkit.BoundSettings.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.util.unit.DataSize;

class GraalPySettingsTest {

  @Test
  void hasDefaults() {
    assertThat(bind(GraalPySettings.class, Map.of("home", "/host")))
        .isEqualTo(
            new GraalPySettings(
                Path.of("/host"),
                null,
                "",
                null,
                DataSize.ofMegabytes(512),
                DataSize.ofGigabytes(2),
                20,
                8,
                Duration.ofMinutes(10),
                false));
    assertRefused(GraalPySettings.class, "instances", "0");
  }

  @Test
  void separatesTheOptionsOfHosts() {
    var given = Map.of("home", "/host", "java-options", " -Xss2m  -XX:TieredStopAtLevel=1\n");

    assertThat(bind(GraalPySettings.class, given).furtherOptions())
        .containsExactly("-Xss2m", "-XX:TieredStopAtLevel=1");
    assertThat(bind(GraalPySettings.class, Map.of("home", "/host")).furtherOptions()).isEmpty();
  }

  @Test
  void refusesAHeapThatDoesNotFitIntoTheMemory() {
    assertThatThrownBy(() -> bind(GraalPySettings.class, Map.of("home", "/host", "heap", "3GB")))
        .isInstanceOf(BindException.class)
        .rootCause()
        .hasMessage(
            "executor.host.memory must be at least executor.host.heap (3221225472B) but is 2147483648B");
  }
}
