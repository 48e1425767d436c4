package dev.hearth.kit;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Leaves out, in every service, what Boot would configure and nobody needs. */
final class UnneededConfigurations implements AutoConfigurationImportFilter {

  /** Counts log records, and for that looks at those that are not written too. */
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
