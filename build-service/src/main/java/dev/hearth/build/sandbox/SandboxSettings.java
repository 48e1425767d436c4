package dev.hearth.build.sandbox;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Limits for the code that builds run.
 *
 * @param bubblewrap the executable, on PATH or with its path
 * @param trusted tenants that may build without walls where bubblewrap cannot be used (others are
 *     refused there), and whose projects may name indexes in our own network
 * @param time longest run of one command
 * @param memory of one process, and of all together where control groups can be used
 * @param disk largest amount of written data, which is held in memory
 * @param output largest amount of output
 * @param processes at a time, where control groups can be used
 */
@Validated
@ConfigurationProperties("build.sandbox")
public record SandboxSettings(
    @DefaultValue("bwrap") @NotBlank String bubblewrap,
    @DefaultValue Set<String> trusted,
    @DefaultValue("3m") Duration time,
    @DefaultValue("2GB") DataSize memory,
    @DefaultValue("512MB") DataSize disk,
    @DefaultValue("4MB") DataSize output,
    @DefaultValue("256") @Min(8) int processes) {

  public SandboxSettings {
    trusted = Set.copyOf(trusted);
  }
}
