package dev.hearth.executor.start;

import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Starts of instances.
 *
 * @param parallel most starts of one tenant at a time; 0 stands for the number of processors
 * @param hostsTried number of lost hosts after which a start has failed
 */
@Validated
@ConfigurationProperties("executor.start")
public record StartSettings(
    @DefaultValue("0") @Min(0) int parallel, @DefaultValue("3") @Min(1) int hostsTried) {

  /** Returns the most starts of one tenant at a time. */
  int parallelPerTenant() {
    return parallel > 0 ? parallel : java.lang.Runtime.getRuntime().availableProcessors();
  }
}
