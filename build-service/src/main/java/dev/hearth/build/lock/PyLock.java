package dev.hearth.build.lock;

import dev.hearth.build.project.DistributionName;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code pylock.toml} (https://packaging.python.org/en/latest/specifications/pylock-toml/).
 */
public final class PyLock {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.!+_-]*");

  private static final Pattern FOLDER = Pattern.compile("[\\w./-]*");

  /**
   * An environment marker (PEP 508) that holds nothing that a requirements file reads as an option.
   */
  private static final Pattern MARKER = Pattern.compile("((?! --?[A-Za-z])[\\w .,<>=!~'\"()*+-])*");

  private PyLock() {}

  public static Resolution read(Path file) throws IOException {
    var root = ProjectFile.lock(file, "pylock.toml");
    if (!root.path("lock-version").asString("").startsWith("1.")) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "pylock.toml has lock-version \"%s\", but must have 1.x. Write the file again with `uv export --format pylock.toml`."
              .formatted(root.path("lock-version").asString("")));
    }
    var requirements = new ArrayList<Requirement>();
    var packages = new ArrayList<Lock.Locked>();
    for (var entry : root.path("packages")) {
      if (!entry.has("version") || (!entry.has("wheels") && !entry.has("sdist"))) {
        if (entry.has("directory")) {
          folder(entry).ifPresent(requirements::add);
          continue;
        }
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            "pylock.toml takes %s from a source that is not an index. Depend on a released version."
                .formatted(entry.path("name").asString("a package without a name")));
      }
      var locked = locked(entry);
      packages.add(locked);
      requirements.add(requirement(entry, locked));
    }
    return new Resolution(requirements, Lock.of(packages));
  }

  /** Returns the requirement of a folder in the upload; returns nothing for the project itself. */
  private static Optional<Requirement> folder(JsonNode entry) {
    checked(entry.path("directory"), "path", FOLDER);
    checked(entry, "marker", MARKER);
    var folder = Path.of(entry.path("directory").path("path").asString("")).normalize();
    var marker = entry.path("marker").asString("");
    return folder.toString().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Requirement("", "./" + folder + (marker.isEmpty() ? "" : " ; " + marker) + "\n"));
  }

  private static Lock.Locked locked(JsonNode entry) {
    checked(entry, "name", NAME);
    checked(entry, "version", VERSION);
    checked(entry, "marker", MARKER);
    return new Lock.Locked(
        DistributionName.normalized(entry.path("name").asString("")),
        entry.path("version").asString(""),
        entry.path("index").asString(""),
        Optional.of(remoteFile(entry.path("sdist"))).filter(file -> !file.sha256().isEmpty()),
        entry.path("wheels").valueStream().map(PyLock::remoteFile).toList(),
        List.of());
  }

  private static void checked(JsonNode entry, String field, Pattern allowed) {
    var value = entry.path(field).asString("");
    if ((entry.has(field) && !entry.path(field).isString())
        || (entry.has(field) && !allowed.matcher(value).matches())) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "pylock.toml has an invalid %s: %s. Write the file again with `uv export --format pylock.toml`."
              .formatted(field, value.lines().findFirst().orElse("")));
    }
  }

  private static Lock.RemoteFile remoteFile(JsonNode file) {
    var url = file.path("url").asString("");
    return new Lock.RemoteFile(
        file.path("name").asString(Lock.fileName(url)),
        url,
        file.path("hashes").path("sha256").asString(""),
        file.path("size").asLong(0));
  }

  private static Requirement requirement(JsonNode entry, Lock.Locked locked) {
    var marker = entry.path("marker").asString("");
    var text = new StringBuilder(locked.name() + "==" + locked.version());
    if (!marker.isEmpty()) {
      text.append(" ; ").append(marker);
    }
    Stream.concat(entry.path("wheels").valueStream(), Stream.of(entry.path("sdist")))
        .map(file -> remoteFile(file).sha256())
        .filter(hash -> !hash.isEmpty())
        .forEach(hash -> text.append(" \\\n    --hash=sha256:").append(hash));
    return new Requirement(locked.name(), text.append('\n').toString());
  }
}
