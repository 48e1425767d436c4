package dev.hearth.build.project;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.toml.TomlMapper;

/** uv's workspaces (https://docs.astral.sh/uv/concepts/projects/workspaces/). */
public final class Workspace {

  private static final int DEEPEST = 6;

  private Workspace() {}

  /** The folder of the member with a project name. */
  public static Path member(Path root, String name) throws IOException {
    var globs =
        toml(root.resolve("pyproject.toml"))
            .path("tool")
            .path("uv")
            .path("workspace")
            .path("members");
    var seen = new ArrayList<String>();
    try (Stream<Path> walked = Files.walk(root, DEEPEST)) {
      for (var folder :
          walked.filter(path -> Files.exists(path.resolve("pyproject.toml"))).toList()) {
        var relative = root.relativize(folder);
        var isMember =
            globs
                .valueStream()
                .map(glob -> matcher(glob.asString("")))
                .anyMatch(glob -> glob.matches(relative));
        if (isMember) {
          var found =
              toml(folder.resolve("pyproject.toml")).path("project").path("name").asString("");
          if (found.equals(name)) {
            return folder;
          }
          seen.add(found);
        }
      }
    }
    throw new HearthException(
        ErrorCode.PROJECT_INVALID,
        "[tool.hearth.build] package is \"%s\", but the workspace's members are %s."
            .formatted(name, seen.isEmpty() ? "none" : String.join(", ", seen)));
  }

  private static PathMatcher matcher(String glob) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + glob);
    } catch (PatternSyntaxException broken) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "[tool.uv.workspace] members has a pattern that is none: %s (%s)."
              .formatted(glob, broken.getDescription()),
          broken);
    }
  }

  private static tools.jackson.databind.JsonNode toml(Path file) {
    try {
      return new TomlMapper().readTree(file.toFile());
    } catch (JacksonException broken) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "%s is not valid TOML: %s".formatted(file.getFileName(), broken.getOriginalMessage()),
          broken);
    }
  }
}
