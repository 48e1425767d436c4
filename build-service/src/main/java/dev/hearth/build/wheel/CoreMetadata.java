package dev.hearth.build.wheel;

import dev.hearth.build.project.DistributionName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of a METADATA file
 * (https://packaging.python.org/en/latest/specifications/core-metadata/), without continuation
 * lines.
 */
public final class CoreMetadata {

  private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

  /** Largest METADATA file that is read, in bytes. */
  public static final int LARGEST = 8 << 20;

  private CoreMetadata() {}

  /** Parses a METADATA file; replaces bytes that are not UTF-8, which old metadata may contain. */
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

  /** Returns the normalized name, or an empty text. */
  public String name() {
    return DistributionName.normalized(first("Name").orElse(""));
  }

  /** Returns the version as written, or an empty text. */
  public String version() {
    return first("Version").orElse("");
  }

  /** Returns a field's first value. */
  public Optional<String> first(String field) {
    return all(field).stream().findFirst();
  }

  /** Returns all values of a field. */
  public List<String> all(String field) {
    return List.copyOf(fields.getOrDefault(field, List.of()));
  }
}
