package dev.hearth.build.uv;

import dev.hearth.build.project.Project;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Has uv resolve: by the lock of a project, or by a lock that is made for it. */
final class Resolver {

  static final Pattern WITHOUT_WHEEL =
      Pattern.compile(
          "([A-Za-z0-9._-]+)(?:\\{[^}]*\\}|\\[[^\\]]*\\])*==\\S+ has no (?:usable wheels|wheels with a matching)");

  private final UvCommand uv;
  private final UvSettings settings;
  private final Wheelhouse wheelhouse;
  private final SourceBuilds builds;
  private final Path scratch;
  private final DeclaredMetadata declared = new DeclaredMetadata();

  Resolver(
      UvCommand uv, UvSettings settings, Wheelhouse wheelhouse, SourceBuilds builds, Path scratch) {
    this.uv = uv;
    this.settings = settings;
    this.wheelhouse = wheelhouse;
    this.builds = builds;
    this.scratch = scratch;
  }

  /**
   * Resolves a project to pinned, hashed requirements; a lock that it brings is honoured.
   *
   * @throws dev.hearth.contracts.HearthException with uv's own explanation
   */
  Resolution resolve(Project project, Path folder, Consumer<String> log) throws IOException {
    return switch (project.kind()) {
      case PYLOCK -> {
        log.accept("honouring pylock.toml");
        var resolution = PyLock.read(folder.resolve("pylock.toml"));
        requireOurPlatform(folder, "pylock.toml", "environments");
        yield resolution;
      }
      case REQUIREMENTS -> {
        log.accept("no pyproject.toml: taking requirements.txt");
        adoptRequirements(folder);
        yield lockAndExport(project, folder, List.of(), log);
      }
      case SCRIPT ->
          lockAndExport(project, folder, List.of("--script", project.script().orElseThrow()), log);
      case PYPROJECT -> lockAndExport(project, folder, List.of(), log);
    };
  }

  private void adoptRequirements(Path folder) throws IOException {
    var file = folder.resolve("constraints.txt");
    var constraints =
        Files.exists(file)
            ? adopted(file, Files.createDirectory(scratch.resolve("constraints")), List.of())
            : List.<String>of();
    adopted(folder.resolve("requirements.txt"), folder, constraints);
  }

  /** Has uv take a requirements file into a project of its own, and returns what it read. */
  private List<String> adopted(Path file, Path folder, List<String> constraints)
      throws IOException {
    var declarations = folder.resolve("pyproject.toml");
    Files.writeString(
        declarations,
        """
        [project]
        name = "app"
        version = "0"
        requires-python = ">=3.12"
        dependencies = []

        [tool.uv]
        constraint-dependencies = %s
        """
            .formatted(DeclaredMetadata.quoted(constraints)));
    var added = uv.run(folder, _ -> {}, List.of("add", "--frozen", "-r", file.toString()));
    if (!added.succeeded()) {
      throw UvErrors.unresolved(added.output());
    }
    return new TomlMapper()
        .readTree(declarations.toFile())
        .path("project")
        .path("dependencies")
        .valueStream()
        .map(JsonNode::asString)
        .toList();
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
    if (project.isLocked(folder)) {
      log.accept("honouring " + name);
      if (!locking.fits(log)) {
        throw UvErrors.staleLock();
      }
    } else {
      var locked = locking.lock(log);
      if (!locked.succeeded()) {
        throw UvErrors.unresolved(locked.output());
      }
    }
    requireOurPlatform(folder, name, "supported-markers");
    var exported = uv.run(folder, _ -> {}, export(project, target));
    if (!exported.succeeded()) {
      throw UvErrors.unresolved(exported.output());
    }
    return new Resolution(Requirement.parse(exported.output()), Lock.read(lock));
  }

  /**
   * Refuses a lock that was made for other platforms only, from which uv would install nothing.
   *
   * @param field holds markers of the platforms that it is for; all when it is not there
   */
  private void requireOurPlatform(Path folder, String lock, String field) {
    var markers =
        new TomlMapper()
            .readTree(folder.resolve(lock).toFile())
            .path(field)
            .valueStream()
            .map(JsonNode::asString)
            .toList();
    // Whoever fits the marker looks for a package, and there is no index that has it.
    var fits =
        markers.isEmpty()
            || markers.stream()
                .anyMatch(marker ->
                    !uv.run(
                            folder,
                            _ -> {},
                            List.of(
                                "pip",
                                "install",
                                "--dry-run",
                                "--no-index",
                                "--target",
                                "none",
                                "hearth-platform ; " + marker))
                        .succeeded());
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
                "--no-dev",
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

  /**
   * Resolves once more for this platform alone, which steps back to releases that have a usable
   * wheel. For projects without a lock only.
   *
   * @param known the lock that was made before
   * @param lacking what in it has no usable wheel
   */
  Resolution resolveForPlatform(Project project, Path folder, Lock known, Requirement lacking) {
    var declarations = folder.resolve(project.script().orElse("pyproject.toml"));
    try (var _ = declared.writeTo(declarations)) {
      return resolvedForPlatform(project, folder, known, lacking);
    }
  }

  private Resolution resolvedForPlatform(
      Project project, Path folder, Lock known, Requirement lacking) {
    var arguments = new ArrayList<String>();
    if (project.kind() == Project.Kind.REQUIREMENTS) {
      arguments.add("requirements.txt");
      if (Files.exists(folder.resolve("constraints.txt"))) {
        arguments.addAll(List.of("-c", "constraints.txt"));
      }
    } else {
      arguments.add(project.script().orElse("pyproject.toml"));
    }
    project.build().groups().forEach(group -> arguments.addAll(List.of("--group", group)));
    project.build().extras().forEach(extra -> arguments.addAll(List.of("--extra", extra)));
    arguments.add("--generate-hashes");
    known.packages().values().stream()
        .filter(Lock.Locked::isSourceAlone)
        .forEach(locked -> arguments.addAll(List.of("--no-binary", locked.name())));
    var compiled = compile(folder, arguments);
    if (!compiled.succeeded() && compiled.output().contains("usable wheels")) {
      throw withoutWheel(named(compiled.output(), known).orElse(lacking), known, "");
    }
    if (!compiled.succeeded()) {
      throw UvErrors.unresolved(compiled.output());
    }
    return new Resolution(Requirement.parse(compiled.output()), known);
  }

  /** The release that uv says has no usable wheel, if it says so of a single one. */
  private static Optional<Requirement> named(String output, Lock known) {
    return WITHOUT_WHEEL
        .matcher(output)
        .results()
        .map(match -> Requirement.normalized(match.group(1)))
        .findFirst()
        .map(name -> {
          var locked = known.packages().get(name);
          return new Requirement(name, locked == null ? name : name + "==" + locked.version());
        });
  }

  /** Resolves to releases that this platform can install. */
  private UvCommand.Outcome compile(Path folder, List<String> what) {
    var arguments = new ArrayList<>(List.of("pip", "compile"));
    arguments.addAll(what);
    arguments.addAll(
        List.of(
            "--no-header",
            "--no-annotate",
            "--quiet",
            "--no-build-isolation",
            "--only-binary",
            ":all:"));
    for (var name : settings.pureFallback()) {
      arguments.addAll(List.of("--no-binary", name));
    }
    wheelhouse
        .folder()
        .ifPresent(wheels -> arguments.addAll(List.of("--find-links", wheels.toString())));
    return uv.run(folder, _ -> {}, arguments);
  }

  /** A release that cannot be installed, with what could be in its place. */
  HearthException withoutWheel(Requirement requirement, Lock lock, String why) {
    return UvErrors.withoutWheel(requirement, lock, why, usable(requirement.name()));
  }

  /** The newest release of a project that this platform can install. */
  private Optional<String> usable(String name) {
    try {
      var file = Files.writeString(scratch.resolve("usable.in"), name + "\n");
      var compiled = compile(scratch, List.of(file.toString(), "--no-deps"));
      return compiled.succeeded()
          ? Requirement.parse(compiled.output()).stream()
              .filter(requirement -> requirement.name().equals(name))
              .findFirst()
              .flatMap(Requirement::version)
          : Optional.empty();
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
