package dev.hearth.build.lock;

import dev.hearth.build.project.DistributionName;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.build.python.Target;
import dev.hearth.build.python.WheelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The packages of a {@code uv.lock} (https://docs.astral.sh/uv/concepts/projects/layout/).
 *
 * @param packages releases by normalized name; several if platforms need different releases
 * @param member normalized name of the workspace member that is deployed, if any
 */
public record Lock(Map<String, List<Locked>> packages, Optional<String> member) {

  /**
   * One release in a lock.
   *
   * @param registry the index's address, or empty if it does not come from an index
   * @param source the source distribution, when the index has one
   * @param dependencies names of its dependencies, including those of extras and groups
   */
  public record Locked(
      String name,
      String version,
      String registry,
      Optional<RemoteFile> source,
      List<RemoteFile> wheels,
      List<String> dependencies) {

    /** Returns the index's address in the form in which addresses are compared. */
    public String index() {
      return comparable(registry);
    }

    /** Returns true if the release has a source distribution and no wheel for any Python. */
    public boolean isSourceAlone() {
      return wheels.isEmpty() && source.isPresent();
    }

    /** Returns true if the release has wheels, but none that the target may install. */
    public boolean isUnusableFor(Target target) {
      return !wheels.isEmpty() && named(target.wheels()::mayInclude).isEmpty();
    }

    /** Returns the wheels whose names match. */
    public List<RemoteFile> named(Predicate<WheelName> fits) {
      return wheels.stream()
          .filter(wheel -> WheelName.parse(wheel.name()).filter(fits).isPresent())
          .toList();
    }

    /** Returns true if the release has a wheel for any Python. */
    public boolean isForAnyPython() {
      return wheels.stream().anyMatch(wheel -> wheel.name().endsWith("-none-any.whl"));
    }
  }

  /**
   * A file that an index offers.
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

  /** Reads a lock; the result is empty if there is no such file. */
  public static Lock read(Path file) throws IOException {
    return Files.exists(file)
        ? of(
            ProjectFile.lock(file, file.getFileName().toString())
                .path("package")
                .valueStream()
                .map(Lock::locked)
                .toList())
        : of(List.of());
  }

  public static Lock of(List<Locked> packages) {
    return new Lock(
        packages.stream()
            .collect(Collectors.groupingBy(Locked::name, LinkedHashMap::new, Collectors.toList())),
        Optional.empty());
  }

  /** Returns the lock of a workspace of which one member is deployed, if any. */
  public Lock deploying(Optional<String> name) {
    return new Lock(packages, name.map(DistributionName::normalized));
  }

  private static Locked locked(JsonNode entry) {
    var source =
        Optional.of(remoteFile(entry.path("sdist")))
            .filter(file -> !file.url().isEmpty() && !file.sha256().isEmpty());
    return new Locked(
        entry.path("name").asString(""),
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
            .map(dependency -> dependency.path("name").asString(""))
            .distinct()
            .toList());
  }

  /** Returns an index's address in the form in which addresses are compared. */
  public static String comparable(String index) {
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

  /** Returns the locked release of a requirement, if it has exactly that version. */
  public Optional<Locked> release(Requirement requirement) {
    return releases(requirement.name()).stream()
        .filter(locked -> requirement.version().filter(locked.version()::equals).isPresent())
        .reduce((_, last) -> last);
  }

  /**
   * Returns the locked release of a requirement, or else the last locked release of the same
   * project.
   */
  public Optional<Locked> nearest(Requirement requirement) {
    return release(requirement).or(() -> last(requirement.name()));
  }

  /** Returns the last locked release of a project. */
  public Optional<Locked> last(String name) {
    return releases(name).stream().reduce((_, last) -> last);
  }

  private List<Locked> releases(String name) {
    return packages.getOrDefault(name, List.of());
  }

  /**
   * Returns true if a requirement certainly comes from one of the indexes. Every locked release of
   * its version must come from there; if that version is not locked, every locked release of the
   * project.
   */
  public boolean isFrom(Requirement requirement, Set<String> indexes) {
    var all = releases(requirement.name());
    var same =
        all.stream()
            .filter(locked -> requirement.version().filter(locked.version()::equals).isPresent())
            .toList();
    var meant = same.isEmpty() ? all : same;
    return !meant.isEmpty() && meant.stream().map(Locked::index).allMatch(indexes::contains);
  }

  /** Returns all locked releases. */
  public Stream<Locked> all() {
    return packages.values().stream().flatMap(List::stream);
  }

  /** Returns the releases that come from indexes, without the project's own packages. */
  public Set<Locked> fromIndexes() {
    return all()
        .filter(locked -> !locked.registry().isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Returns the local packages that no other local package depends on, or the deployed member of a
   * workspace.
   */
  private List<Locked> roots() {
    var local = all().filter(locked -> locked.registry().isEmpty()).toList();
    var deployed =
        local.stream().filter(locked -> member.filter(locked.name()::equals).isPresent()).toList();
    if (!deployed.isEmpty()) {
      return deployed;
    }
    var asked =
        local.stream()
            .flatMap(locked -> locked.dependencies().stream())
            .collect(Collectors.toSet());
    var roots = local.stream().filter(locked -> !asked.contains(locked.name())).toList();
    return roots.isEmpty() ? local : roots;
  }

  /**
   * Returns the shortest dependency chain from the project to a package, as in {@code app → flask →
   * jinja2}.
   */
  public String chain(String name) {
    var from = new LinkedHashMap<String, String>();
    var waiting = new ArrayDeque<String>();
    roots()
        .forEach(locked -> {
          from.put(locked.name(), "");
          waiting.add(locked.name());
        });
    var seen = new HashSet<>(from.keySet());
    while (!waiting.isEmpty()) {
      var current = waiting.remove();
      for (var locked : releases(current)) {
        for (var dependency : locked.dependencies()) {
          if (seen.add(dependency)) {
            from.put(dependency, current);
            waiting.add(dependency);
          }
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
