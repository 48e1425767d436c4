package dev.hearth.build.wheelhouse;

import dev.hearth.build.python.Target;
import dev.hearth.build.python.WheelName;
import dev.hearth.contracts.Digest;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** An immutable set of wheels in one folder, which uv gets as {@code --find-links}. */
public final class Wheelhouse {

  private final Optional<Path> folder;
  private final Map<String, Wheel> wheels;

  private Wheelhouse(Optional<Path> folder, Map<String, Wheel> wheels) {
    this.folder = folder;
    this.wheels = wheels;
  }

  /** A wheel in the wheelhouse. */
  public record Wheel(Path file, Digest digest) {}

  /** Returns a wheelhouse without wheels. */
  public static Wheelhouse empty() {
    return new Wheelhouse(Optional.empty(), Map.of());
  }

  /** Reads the wheels of a folder that the target can install. */
  public static Wheelhouse of(Path folder, Target target) throws IOException {
    var wheels = new HashMap<String, Wheel>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (var file : listed.sorted().toList()) {
        var name =
            WheelName.parse(file.getFileName().toString()).filter(target.wheels()::areCertainOf);
        if (name.isPresent()) {
          wheels.put(
              key(name.get().project(), name.get().version()),
              new Wheel(file.toAbsolutePath(), Digests.of(file)));
        }
      }
    }
    return wheels.isEmpty()
        ? empty()
        : new Wheelhouse(Optional.of(folder.toAbsolutePath()), Map.copyOf(wheels));
  }

  /** Returns the folder, if it contains a wheel. */
  public Optional<Path> folder() {
    return folder;
  }

  /**
   * Returns the wheel of a release.
   *
   * @param project normalized
   */
  public Optional<Wheel> find(String project, String version) {
    return Optional.ofNullable(wheels.get(key(project, version)));
  }

  /** Returns true if the wheelhouse has a wheel of any release of a project. */
  public boolean offers(String project) {
    return wheels.keySet().stream().anyMatch(key -> key.startsWith(key(project, "")));
  }

  private static String key(String project, String version) {
    return project + "==" + version;
  }
}
