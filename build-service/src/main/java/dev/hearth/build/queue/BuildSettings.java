package dev.hearth.build.queue;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How builds are worked off.
 *
 * @param data folder for work in progress and uv's cache; may be lost
 * @param workers builds at a time
 * @param lease how long a build is held without renewal; after that another worker takes it over
 * @param limit after how long a build is given up, whatever it does
 * @param attempts how often a build is begun before it is given up
 * @param fresh how long dependencies that no lock pins are taken as they were resolved before
 * @param publicIndexes indexes that anyone may read; layers from there are shared by all tenants
 */
@Validated
@ConfigurationProperties("build.queue")
public record BuildSettings(
    @DefaultValue(".hearth/build") Path data,
    @DefaultValue("2") @Min(1) @Max(64) int workers,
    @DefaultValue("15s") Duration lease,
    @DefaultValue("20m") Duration limit,
    @DefaultValue("3") @Min(1) int attempts,
    @DefaultValue("24h") Duration fresh,
    @DefaultValue("https://pypi.org/simple") Set<String> publicIndexes) {

  public BuildSettings {
    publicIndexes = Set.copyOf(publicIndexes);
  }
}
