package dev.hearth.executor.memory;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The memory of host processes.
 *
 * @param budget most memory of all hosts together; by default 60 % of the machine's
 */
@Validated
@ConfigurationProperties("executor.host")
public record MemorySettings(@Nullable DataSize budget) {

  public MemorySettings {
    if (budget != null && (budget.isNegative() || budget.toBytes() == 0)) {
      throw new IllegalArgumentException("executor.host.budget must be positive but is " + budget);
    }
  }
}
