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
 * Settings of the build queue.
 *
 * @param data folder for work in progress and uv's cache; its loss is harmless
 * @param workers number of concurrent builds
 * @param lease time without renewal after which another worker takes over a build
 * @param limit longest duration of a build
 * @param attempts number of starts after which an interrupted build fails
 * @param fresh time for which a resolution without a lock is reused
 * @param publicIndexes indexes that anyone may read; all tenants share layers from there
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
