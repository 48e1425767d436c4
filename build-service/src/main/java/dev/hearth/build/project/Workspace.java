package dev.hearth.build.project;

import dev.hearth.build.pack.Glob;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;

/** uv's workspaces (https://docs.astral.sh/uv/concepts/projects/workspaces/). */
public final class Workspace {

  private static final int DEEPEST = 6;

  private Workspace() {}

  /** Returns the folder of the member with a given project name. */
  public static Path member(Path root, String name) throws IOException {
    var globs =
        ProjectFile.toml(root.resolve("pyproject.toml"), "pyproject.toml")
            .path("tool")
            .path("uv")
            .path("workspace")
            .path("members")
            .valueStream()
            .map(glob -> Glob.of(glob.asString(""), "[tool.uv.workspace] members"))
            .toList();
    var seen = new ArrayList<String>();
    try (Stream<Path> walked = Files.walk(root, DEEPEST)) {
      for (var folder :
          walked.filter(path -> Files.exists(path.resolve("pyproject.toml"))).toList()) {
        var relative = root.relativize(folder).toString();
        if (globs.stream().anyMatch(glob -> glob.fits(relative))) {
          var found =
              ProjectFile.toml(folder.resolve("pyproject.toml"), relative + "/pyproject.toml")
                  .path("project")
                  .path("name")
                  .asString("");
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
}
