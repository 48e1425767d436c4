package dev.hearth.build.wheel;

import dev.hearth.build.project.DistributionName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A METADATA file's fields (https://packaging.python.org/en/latest/specifications/core-metadata/),
 * without the lines that continue one.
 */
public final class CoreMetadata {

  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Of a file; more is not read. */
  public static final int LARGEST = 8 << 20;

  private CoreMetadata() {}

  /** Reads a file's content; what is not UTF-8 in it, as old metadata has, is replaced. */
  public static CoreMetadata parse(byte[] content) {
    var metadata = new CoreMetadata();
    new String(content, StandardCharsets.UTF_8)
        .lines()
        .takeWhile(line -> !line.isEmpty())
        .forEach(metadata::add);
    return metadata;
  }

  private void add(String line) {
    var colon = line.indexOf(':');
    if (colon > 0 && !Character.isWhitespace(line.charAt(0))) {
      fields
          .computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
          .add(line.substring(colon + 1).strip());
    }
  }

  /** Normalized, or empty. */
  public String name() {
    return DistributionName.normalized(first("Name").orElse(""));
  }

  /** As written, or empty. */
  public String version() {
    return first("Version").orElse("");
  }

  /** A field's first value. */
  public Optional<String> first(String field) {
    return all(field).stream().findFirst();
  }

  /** A field's values. */
  public List<String> all(String field) {
    return List.copyOf(fields.getOrDefault(field, List.of()));
  }
}
