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
 * @param bubblewrap executable of bubblewrap: a name on PATH, or a path
 * @param trusted tenants that may build without a sandbox where bubblewrap cannot be used, and
 *     whose projects may name indexes in the operator's own network
 * @param time longest run of one command
 * @param memory most memory of one process, and of all together where control groups are available
 * @param disk most bytes that a command may write; the files are in memory
 * @param output most bytes that a command may print
 * @param processes most processes at a time, where control groups are available
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
