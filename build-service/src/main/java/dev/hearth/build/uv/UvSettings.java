package dev.hearth.build.uv;

import jakarta.validation.constraints.NotBlank;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of uv.
 *
 * @param executable executable of uv: a name on PATH, or a path
 * @param limit longest duration of one run
 * @param memory most memory of one run, where control groups are available
 * @param total time after which a build starts no further run
 * @param python the CPython that builds wheels from source
 * @param hosts hosts of the operator's own network from which all tenants may take packages; the
 *     hosts of indexes in uv's own variables are allowed anyway
 * @param pureFallback projects that work without their native modules although their code does not
 *     show it; if such a release has no wheel for any Python, CPython's is used without its native
 *     modules
 */
@Validated
@ConfigurationProperties("build.uv")
public record UvSettings(
    @NotBlank String executable,
    @DefaultValue("5m") Duration limit,
    @DefaultValue("1GB") DataSize memory,
    @DefaultValue("15m") Duration total,
    @DefaultValue("python3") String python,
    @DefaultValue Set<String> hosts,
    @Nullable List<String> pureFallback) {

  /** Projects that are known to work without their native modules: each was deployed and called. */
  public static final List<String> PURE_FALLBACK =
      List.of(
          "aiokafka",
          "google-crc32c",
          "ijson",
          "immutables",
          "lazy-object-proxy",
          "markupsafe",
          "msgpack",
          "newrelic",
          "pymongo",
          "pyyaml",
          "rapidfuzz",
          "sqlalchemy",
          "tornado",
          "wrapt",
          "zope-interface");

  public UvSettings {
    hosts = Set.copyOf(hosts);
    pureFallback = pureFallback == null ? PURE_FALLBACK : List.copyOf(pureFallback);
  }

  /** Returns the path of the executable. */
  public Path program() {
    var given = Path.of(executable);
    return given.isAbsolute()
        ? given
        : Stream.of(String.valueOf(System.getenv("PATH")).split(":"))
            .map(folder -> Path.of(folder, executable))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(given);
  }

  @Override
  public List<String> pureFallback() {
    return pureFallback == null ? PURE_FALLBACK : pureFallback;
  }
}
