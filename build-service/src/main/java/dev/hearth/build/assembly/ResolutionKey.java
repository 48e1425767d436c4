package dev.hearth.build.assembly;

import dev.hearth.build.lock.RequirementsFile;
import dev.hearth.build.project.Project;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.build.python.Target;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A hash of everything in a source tree that its resolution depends on.
 *
 * @param isLocked true if the tree contains a lock
 */
record ResolutionKey(String value, boolean isLocked) {

  private static final Set<String> DECLARATIONS =
      Set.of(
          "pyproject.toml",
          "uv.lock",
          "uv.toml",
          "pylock.toml",
          "requirements.txt",
          "constraints.txt",
          ".python-version");

  static ResolutionKey of(Target target, Path folder, Project project) throws IOException {
    var parts = new TreeMap<String, String>();
    parts.put("format", "4");
    parts.put("interpreter", target.id());
    parts.put("build", project.kind() + " " + project.build());
    var files = files(folder);
    var isComputed = isComputed(files);
    var included =
        project.kind() == Project.Kind.REQUIREMENTS
            ? RequirementsFile.read(folder).files()
            : Set.<Path>of();
    for (var file : files) {
      var name = file.getFileName().toString();
      if (isComputed
          || DECLARATIONS.contains(name)
          || included.contains(file)
          || name.endsWith(".txt")
          || project.script().filter(name::startsWith).isPresent()) {
        parts.put("/" + folder.relativize(file), Digests.of(file).hex());
      }
    }
    return new ResolutionKey(Dependencies.hash(parts), project.isLocked(folder));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> walked = Files.walk(folder)) {
      return walked.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /**
   * Returns true if a build backend computes the dependencies, which may then depend on any file of
   * the tree.
   */
  private static boolean isComputed(List<Path> files) throws IOException {
    for (var file : files) {
      var isComputed =
          switch (file.getFileName().toString()) {
            case "setup.py", "setup.cfg" -> true;
            case "pyproject.toml" -> saysThatDependenciesAreComputed(file);
            default -> false;
          };
      if (isComputed) {
        return true;
      }
    }
    return false;
  }

  private static boolean saysThatDependenciesAreComputed(Path pyproject) throws IOException {
    try {
      return ProjectFile.toml(pyproject, "pyproject.toml")
          .path("project")
          .path("dynamic")
          .valueStream()
          .anyMatch(field -> field.asString("").endsWith("dependencies"));
    } catch (HearthException _) {
      // An invalid file is reported later, where it is parsed for use.
      return true;
    }
  }
}
