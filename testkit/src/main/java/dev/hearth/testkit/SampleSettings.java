package dev.hearth.testkit;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Scaling;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Settings of functions that set nothing themselves. */
public final class SampleSettings {

  private SampleSettings() {}

  /** Returns the settings of {@code main:app} with a limit of 30 s. */
  public static RuntimeSettings of(Convention convention) {
    return with(convention, Optional.empty());
  }

  /** Returns the settings of {@code main:app} with a limit of 30 s and numbers of instances. */
  public static RuntimeSettings of(Convention convention, Scaling scaling) {
    return with(convention, Optional.of(scaling));
  }

  private static RuntimeSettings with(Convention convention, Optional<Scaling> scaling) {
    return new RuntimeSettings(
        "main:app",
        convention,
        Map.of(),
        Duration.ofSeconds(30),
        Optional.empty(),
        false,
        scaling,
        Optional.empty(),
        Optional.empty());
  }
}
