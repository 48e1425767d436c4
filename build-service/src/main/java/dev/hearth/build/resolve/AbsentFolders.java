package dev.hearth.build.resolve;

import dev.hearth.build.lock.Requirement;
import dev.hearth.build.project.DistributionName;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.build.uv.UvCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Stands in for folders that {@code [tool.uv.sources]} names for other systems and that the upload
 * does not contain. uv wants to read them to resolve for all systems, although nothing of them is
 * installed here.
 */
final class AbsentFolders {

  private final UvCommand uv;
  private final Path upload;
  private final JsonNode declared;

  AbsentFolders(UvCommand uv, Path upload) throws IOException {
    this.uv = uv;
    this.upload = upload;
    this.declared = ProjectFile.toml(upload.resolve("pyproject.toml"), "pyproject.toml");
  }

  /**
   * Makes a project of the same name, and of the version and dependencies that the lock has, in
   * place of each absent folder that is for other systems alone.
   *
   * @param lock the project's own lock, if there is one
   * @return the names that were replaced
   */
  List<String> replace(Path lock) throws IOException {
    var replaced = new ArrayList<String>();
    for (var source : declared.path("tool").path("uv").path("sources").properties()) {
      for (var place : places(source.getValue())) {
        var folder = upload.resolve(place).normalize();
        if (folder.startsWith(upload)
            && !Files.exists(folder)
            && isForOthers(DistributionName.normalized(source.getKey()))) {
          Files.createDirectories(folder);
          Files.writeString(folder.resolve("pyproject.toml"), project(source.getKey(), lock));
          replaced.add(source.getKey());
        }
      }
    }
    return replaced;
  }

  private static List<String> places(JsonNode source) {
    return (source.isArray() ? source.valueStream() : Stream.of(source))
        .map(each -> each.path("path").asString(""))
        .filter(path -> !path.isEmpty())
        .toList();
  }

  /** Returns true if each dependency on a project has a marker that excludes the target. */
  private boolean isForOthers(String name) {
    var asked =
        dependencies().stream()
            .map(dependency -> Requirement.parse(dependency + "\n"))
            .flatMap(List::stream)
            .filter(requirement -> requirement.name().equals(name))
            .map(Requirement::marker)
            .toList();
    return !asked.isEmpty()
        && asked.stream().allMatch(marker -> marker.isPresent() && !uv.fits(upload, marker.get()));
  }

  private List<String> dependencies() {
    var project = declared.path("project");
    return Stream.of(
            Stream.of(project.path("dependencies")),
            project.path("optional-dependencies").valueStream(),
            declared.path("dependency-groups").valueStream())
        .flatMap(lists -> lists)
        .flatMap(JsonNode::valueStream)
        .map(dependency -> dependency.asString(""))
        .filter(dependency -> !dependency.isEmpty())
        .toList();
  }

  private static String project(String name, Path lock) throws IOException {
    var locked =
        Files.exists(lock)
            ? ProjectFile.lock(lock, lock.getFileName().toString())
                .path("package")
                .valueStream()
                .filter(each ->
                    each.path("name").asString("").equals(DistributionName.normalized(name)))
                .findFirst()
                .orElse(MissingNode.getInstance())
            : MissingNode.getInstance();
    return """
    [project]
    name = %s
    version = %s
    dependencies = %s
    """
        .formatted(
            ProjectFile.quoted(name),
            ProjectFile.quoted(locked.path("version").asString("0")),
            ProjectFile.quoted(
                locked
                    .path("metadata")
                    .path("requires-dist")
                    .valueStream()
                    .map(AbsentFolders::specifier)
                    .toList()));
  }

  private static String specifier(JsonNode required) {
    var extras = required.path("extras").valueStream().map(JsonNode::asString).toList();
    return required.path("name").asString("")
        + (extras.isEmpty() ? "" : extras.toString())
        + required.path("specifier").asString("")
        + Optional.of(required.path("marker").asString(""))
            .filter(marker -> !marker.isEmpty())
            .map(" ; "::concat)
            .orElse("");
  }
}
