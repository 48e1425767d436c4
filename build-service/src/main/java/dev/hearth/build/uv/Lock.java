package dev.hearth.build.uv;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * What a {@code uv.lock} says of its packages
 * (https://docs.astral.sh/uv/concepts/projects/layout/).
 *
 * @param packages by normalized name; of several versions the last
 */
public record Lock(Map<String, Locked> packages) {

  /**
   * One package.
   *
   * @param registry the index's address, or empty when it comes from elsewhere
   * @param source the source distribution, when the index has one
   * @param dependencies names of what it asks for, also by extras and groups
   */
  public record Locked(
      String name,
      String version,
      String registry,
      Optional<RemoteFile> source,
      List<RemoteFile> wheels,
      List<String> dependencies) {

    /** The index's address as it is compared. */
    public String index() {
      return comparable(registry);
    }

    /** Whether there is no wheel at all, for no Python. */
    boolean isSourceAlone() {
      return wheels.isEmpty() && source.isPresent();
    }

    /** Whether there are wheels, and none of them for the platform's interpreter. */
    boolean isForOtherPythons() {
      return !wheels.isEmpty() && named(WheelName::mayBeOurs).isEmpty();
    }

    /** The wheels whose names fit. */
    List<RemoteFile> named(Predicate<WheelName> fits) {
      return wheels.stream()
          .filter(wheel -> WheelName.parse(wheel.name()).filter(fits).isPresent())
          .toList();
    }

    /** Whether there is a wheel for any Python. */
    boolean isForAnyPython() {
      return wheels.stream().anyMatch(wheel -> wheel.name().endsWith("-none-any.whl"));
    }
  }

  /**
   * A file of an index.
   *
   * @param url may be empty
   * @param sha256 64 hexadecimal digits, or empty
   * @param size in bytes; 0 when the lock does not say
   */
  public record RemoteFile(String name, String url, String sha256, long size) {

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    public RemoteFile {
      sha256 = HASH.matcher(sha256).matches() ? sha256 : "";
    }
  }

  /** Reads a lock; empty when the file is not there. */
  static Lock read(Path file) {
    var packages = new LinkedHashMap<String, Locked>();
    if (Files.exists(file)) {
      for (var entry : new TomlMapper().readTree(file.toFile()).path("package")) {
        packages.put(entry.path("name").asString(), locked(entry));
      }
    }
    return new Lock(packages);
  }

  private static Locked locked(JsonNode entry) {
    var source =
        Optional.of(remoteFile(entry.path("sdist")))
            .filter(file -> !file.url().isEmpty() && !file.sha256().isEmpty());
    return new Locked(
        entry.path("name").asString(),
        entry.path("version").asString(""),
        entry.path("source").path("registry").asString(""),
        source,
        entry.path("wheels").valueStream().map(Lock::remoteFile).toList(),
        Stream.of(
                Stream.of(entry.path("dependencies")),
                entry.path("optional-dependencies").valueStream(),
                entry.path("dev-dependencies").valueStream())
            .flatMap(lists -> lists)
            .flatMap(JsonNode::valueStream)
            .map(dependency -> dependency.path("name").asString())
            .distinct()
            .toList());
  }

  /** An index's address as it is compared. */
  static String comparable(String index) {
    return index.endsWith("/") ? index.substring(0, index.length() - 1) : index;
  }

  private static RemoteFile remoteFile(JsonNode file) {
    var url = file.path("url").asString("");
    var sha256 = file.path("hash").asString("").replaceFirst("^sha256:", "");
    return new RemoteFile(fileName(url), url, sha256, file.path("size").asLong(0));
  }

  static String fileName(String url) {
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** What it says of a requirement, when that is the very version. */
  Optional<Locked> release(Requirement requirement) {
    return Optional.ofNullable(packages.get(requirement.name()))
        .filter(locked -> requirement.version().filter(locked.version()::equals).isPresent());
  }

  /** The address of the index that a package comes from, or empty. */
  String index(String name) {
    var locked = packages.get(name);
    return locked == null ? "" : locked.registry();
  }

  /** The packages that an index has, without the project's own. */
  Map<String, Locked> fromIndexes() {
    return packages.entrySet().stream()
        .filter(entry -> !entry.getValue().registry().isEmpty())
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** The shortest way from the project to a package, as in {@code app → flask → jinja2}. */
  public String chain(String name) {
    var from = new LinkedHashMap<String, String>();
    var waiting = new ArrayDeque<String>();
    packages.values().stream()
        .filter(locked -> locked.registry().isEmpty())
        .forEach(locked -> {
          from.put(locked.name(), "");
          waiting.add(locked.name());
        });
    var seen = new HashSet<>(from.keySet());
    while (!waiting.isEmpty()) {
      var current = waiting.remove();
      var locked = packages.get(current);
      for (var dependency : locked == null ? List.<String>of() : locked.dependencies()) {
        if (seen.add(dependency)) {
          from.put(dependency, current);
          waiting.add(dependency);
        }
      }
    }
    var way = new ArrayList<String>();
    for (var step = name; !step.isEmpty(); step = from.getOrDefault(step, "")) {
      way.addFirst(step);
    }
    return String.join(" → ", way);
  }
}
