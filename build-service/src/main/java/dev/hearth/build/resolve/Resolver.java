package dev.hearth.build.resolve;

import static java.util.stream.Collectors.joining;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.PyLock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.RequirementsFile;
import dev.hearth.build.lock.Resolution;
import dev.hearth.build.project.Project;
import dev.hearth.build.project.ProjectFile;
import dev.hearth.build.source.SourceBuilds;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvErrors;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Resolves a project with uv, from the project's own lock or from a new one. */
public final class Resolver {

  private final UvCommand uv;
  private final Wheelhouse wheelhouse;
  private final SourceBuilds builds;
  private final DeclaredMetadata declared;
  private final Path scratch;

  public Resolver(
      UvCommand uv,
      Wheelhouse wheelhouse,
      SourceBuilds builds,
      DeclaredMetadata declared,
      Path scratch) {
    this.uv = uv;
    this.wheelhouse = wheelhouse;
    this.builds = builds;
    this.declared = declared;
    this.scratch = scratch;
  }

  /**
   * Resolves a project to pinned, hashed requirements. A lock in the upload is honoured.
   *
   * @throws dev.hearth.contracts.HearthException with uv's own explanation
   */
  public Resolution resolve(Project project, Path folder, Consumer<String> log) throws IOException {
    return switch (project.kind()) {
      case PYLOCK -> {
        log.accept("honouring pylock.toml");
        var resolution = PyLock.read(folder.resolve("pylock.toml"));
        requireOurPlatform(folder, "pylock.toml", "environments");
        if (project.build().member().isEmpty()) {
          requireAll(folder, resolution);
        }
        yield resolution;
      }
      case REQUIREMENTS -> {
        log.accept("no [project] table: taking requirements.txt");
        var file = RequirementsFile.read(folder);
        var resolution = adopted(project, file, folder, log);
        yield new Resolution(file.allowed(resolution.requirements()), resolution.lock());
      }
      case SCRIPT ->
          lockAndExport(project, folder, List.of("--script", project.script().orElseThrow()), log);
      case PYPROJECT -> {
        new AbsentFolders(uv, folder)
            .replace(folder.resolve("uv.lock"))
            .forEach(name ->
                log.accept(name + " is for other systems and its folder is not in the upload"));
        yield lockAndExport(project, folder, List.of(), log);
      }
    };
  }

  /**
   * Refuses a pylock.toml that lacks a dependency of the project. Nothing else can be checked,
   * because the file does not record its inputs.
   */
  private static void requireAll(Path folder, Resolution resolution) throws IOException {
    var asked =
        ProjectFile.toml(folder.resolve("pyproject.toml"), "pyproject.toml")
            .path("project")
            .path("dependencies")
            .valueStream()
            .map(dependency -> dependency.asString(""))
            .filter(dependency -> !dependency.contains(";"));
    var locked = resolution.requirements().stream().map(Requirement::name).toList();
    var lacking =
        Requirement.parse(asked.map(dependency -> dependency + "\n").collect(joining())).stream()
            .map(Requirement::name)
            .filter(name -> !name.isEmpty() && !locked.contains(name))
            .findFirst();
    // Folders of the upload have no name here, so a missing name proves nothing.
    var hasFolders = resolution.requirements().stream().anyMatch(each -> each.name().isEmpty());
    if (lacking.isPresent() && !hasFolders) {
      throw new HearthException(
          ErrorCode.LOCK_STALE,
          "pylock.toml does not have %s, which pyproject.toml requires. Run `uv lock` and `uv export --format pylock.toml -o pylock.toml`, and deploy again."
              .formatted(lacking.get()));
    }
  }

  /**
   * Locks a requirements file as a project, and restores the upload's own pyproject.toml, if any.
   */
  private Resolution adopted(
      Project project, RequirementsFile file, Path folder, Consumer<String> log)
      throws IOException {
    var declarations = folder.resolve("pyproject.toml");
    var own = Files.exists(declarations) ? Files.readAllBytes(declarations) : null;
    adopt(file, folder);
    try {
      return lockAndExport(project, folder, List.of(), log);
    } finally {
      if (own != null) {
        Files.write(declarations, own);
      }
    }
  }

  /** Turns a requirements file into a project that uv can lock. */
  private void adopt(RequirementsFile file, Path folder) throws IOException {
    Files.writeString(
        folder.resolve("pyproject.toml"),
        """
        [project]
        name = "app"
        version = "0"
        requires-python = ">=%s"
        dependencies = []

        [tool.uv]
        constraint-dependencies = %s
        """
                .formatted(uv.target().languageVersion(), ProjectFile.quoted(file.constraints()))
            + file.indexes());
    var requirements =
        Files.write(scratch.resolve("requirements.txt"), file.requirements()).toString();
    var added = uv.run(folder, _ -> {}, List.of("add", "--frozen", "-r", requirements));
    if (!added.succeeded()) {
      throw UvErrors.unresolved(added.told(), uv.target());
    }
  }

  private Resolution lockAndExport(
      Project project, Path folder, List<String> target, Consumer<String> log) throws IOException {
    var declarations = folder.resolve(project.script().orElse("pyproject.toml"));
    var name = project.script().map(script -> script + ".lock").orElse("uv.lock");
    var lock = folder.resolve(name);
    var locking =
        new Locking(
            uv,
            builds,
            wheelhouse,
            declared,
            new Locking.Place(folder, declarations, lock, target, scratch));
    var isLocked = project.isLocked(folder);
    if (isLocked) {
      log.accept("honouring " + name);
      if (!locking.fits(log)) {
        throw UvErrors.staleLock();
      }
    } else {
      var locked = locking.lock(log);
      if (!locked.succeeded()) {
        throw UvErrors.unresolved(locked.told(), uv.target());
      }
    }
    try {
      requireOurPlatform(folder, name, "supported-markers");
    } catch (HearthException other) {
      throw isLocked
          ? other
          : new HearthException(
              ErrorCode.PROJECT_INVALID,
              "[tool.uv] environments leaves out Linux, where functions run. Add \"sys_platform =="
                  + " 'linux'\" to it.",
              other);
    }
    var exported = uv.run(folder, _ -> {}, export(project, target));
    if (!exported.succeeded()) {
      throw UvErrors.unresolved(exported.told(), uv.target());
    }
    return new Resolution(
        Requirement.parse(exported.output()), Lock.read(lock).deploying(project.build().member()));
  }

  /**
   * Refuses a lock that was made for other platforms only; uv would install nothing from it.
   *
   * @param field name of the list of markers of the lock's platforms; without it the lock is for
   *     all
   */
  private void requireOurPlatform(Path folder, String lock, String field) throws IOException {
    var markers =
        ProjectFile.lock(folder.resolve(lock), lock)
            .path(field)
            .valueStream()
            .map(marker -> marker.asString(""))
            .toList();
    var fits = markers.isEmpty() || markers.stream().anyMatch(marker -> uv.fits(folder, marker));
    if (!fits) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNRESOLVED,
          "%s is for other platforms only (%s). Add \"sys_platform == 'linux'\" to environments in [tool.uv] and run `uv lock`."
              .formatted(lock, String.join(", ", markers)));
    }
  }

  private static List<String> export(Project project, List<String> target) {
    var arguments =
        new ArrayList<>(
            List.of(
                "export",
                "--frozen",
                "--no-default-groups",
                "--no-header",
                "--no-annotate",
                "--no-build",
                "--format",
                "requirements-txt",
                "--quiet"));
    arguments.addAll(target);
    if (project.kind() != Project.Kind.SCRIPT) {
      arguments.add("--no-emit-project");
      project.build().groups().forEach(group -> arguments.addAll(List.of("--group", group)));
      project.build().extras().forEach(extra -> arguments.addAll(List.of("--extra", extra)));
      project.build().member().ifPresent(member -> arguments.addAll(List.of("--package", member)));
    }
    return arguments;
  }
}
