package dev.hearth.build.assembly;

import dev.hearth.build.project.Project;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything in a source tree that a resolution depends on.
 *
 * @param isLocked whether the tree brings a lock
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

  static ResolutionKey of(Path folder, Project project) throws IOException {
    var parts = new TreeMap<String, String>();
    parts.put("format", "2");
    parts.put("interpreter", Assembler.INTERPRETER);
    parts.put("build", project.kind() + " " + project.build());
    try (Stream<Path> walked = Files.walk(folder)) {
      for (var file : walked.filter(Files::isRegularFile).sorted().toList()) {
        var name = file.getFileName().toString();
        if (DECLARATIONS.contains(name)
            || name.endsWith(".txt")
            || project.script().filter(name::startsWith).isPresent()) {
          parts.put("/" + folder.relativize(file), Digests.of(file).hex());
        }
      }
    }
    return new ResolutionKey(Dependencies.hash(parts), project.isLocked(folder));
  }
}
