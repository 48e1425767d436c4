package dev.hearth.kit;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Excludes auto-configurations of Boot that no service needs. */
final class UnneededConfigurations implements AutoConfigurationImportFilter {

  /**
   * Names of excluded auto-configurations. Counting log records costs time even for suppressed
   * records.
   */
  private static final Set<String> UNNEEDED =
      Set.of(
          "org.springframework.boot.micrometer.metrics.autoconfigure.logging.logback.LogbackMetricsAutoConfiguration");

  @Override
  public boolean[] match(@Nullable String[] classes, AutoConfigurationMetadata metadata) {
    var needed = new boolean[classes.length];
    for (int i = 0; i < classes.length; i++) {
      var name = classes[i];
      needed[i] = name == null || !UNNEEDED.contains(name);
    }
    return needed;
  }
}
