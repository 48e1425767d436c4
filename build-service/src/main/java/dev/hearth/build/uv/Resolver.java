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

  Resolver(UvCommand uv, UvSettings settings, Wheelhouse wheelhouse) {
    this.uv = uv;
    this.settings = settings;
    this.wheelhouse = wheelhouse;
  }

  /**
   * Resolves a project to pinned, hashed requirements; a lock that it brings is honoured.
   *
   * @throws dev.hearth.contracts.HearthException with uv's own explanation
   */
  Resolution resolve(Project project, Path folder, Consumer<String> log) {
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
        yield lockAndExport(project, folder, List.of(), Optional.empty(), log);
      }
      case SCRIPT -> {
        var script = project.script().orElseThrow();
        yield lockAndExport(
            project, folder, List.of("--script", script), Optional.of(script + ".lock"), log);
      }
      case PYPROJECT -> lockAndExport(project, folder, List.of(), Optional.of("uv.lock"), log);
    };
  }

  private void adoptRequirements(Path folder) {
    try {
      Files.writeString(
          folder.resolve("pyproject.toml"),
          "[project]\nname = \"app\"\nversion = \"0\"\nrequires-python = \">=3.12\"\ndependencies = []\n");
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
    var arguments =
        new ArrayList<>(List.of("add", "--no-sync", "--no-build", "-r", "requirements.txt"));
    if (Files.exists(folder.resolve("constraints.txt"))) {
      arguments.addAll(List.of("-c", "constraints.txt"));
    }
    var added = uv.run(folder, _ -> {}, arguments);
    if (!added.succeeded()) {
      throw UvErrors.unresolved(added.output());
    }
  }

  private Resolution lockAndExport(
      Project project,
      Path folder,
      List<String> target,
      Optional<String> ownLock,
      Consumer<String> log) {
    var hasOwn = ownLock.filter(name -> Files.exists(folder.resolve(name)));
    var lock = new ArrayList<>(List.of("lock", "--no-build"));
    lock.addAll(target);
    hasOwn.ifPresent(name -> {
      log.accept("honouring " + name);
      lock.add("--check");
    });
    var locked = uv.run(folder, log, lock);
    if (!locked.succeeded()) {
      throw hasOwn.isPresent()
          ? UvErrors.locking(locked.output())
          : UvErrors.unresolved(locked.output());
    }
    requireOurPlatform(folder, ownLock.orElse("uv.lock"), "supported-markers");
    var exported = uv.run(folder, _ -> {}, export(project, target));
    if (!exported.succeeded()) {
      throw UvErrors.unresolved(exported.output());
    }
    return new Resolution(
        Requirement.parse(exported.output()), Lock.read(folder.resolve(ownLock.orElse("uv.lock"))));
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
                "--locked",
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
   * @param scratch for what is only of use here
   */
  Resolution resolveForPlatform(Project project, Path folder, Lock known, Path scratch) {
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
    var compiled = compile(folder, arguments);
    var missing = WITHOUT_WHEEL.matcher(compiled.output());
    if (!compiled.succeeded() && missing.find()) {
      var name = Requirement.normalized(missing.group(1));
      var locked = known.packages().get(name);
      var asked = locked == null ? name : name + "==" + locked.version();
      throw withoutWheel(new Requirement(name, asked), known, "", scratch);
    }
    if (!compiled.succeeded()) {
      throw UvErrors.unresolved(compiled.output());
    }
    return new Resolution(Requirement.parse(compiled.output()), known);
  }

  /** Resolves to releases that this platform can install. */
  private UvCommand.Outcome compile(Path folder, List<String> what) {
    var arguments = new ArrayList<>(List.of("pip", "compile"));
    arguments.addAll(what);
    arguments.addAll(List.of("--no-header", "--no-annotate", "--quiet", "--only-binary", ":all:"));
    for (var name : settings.pureFallback()) {
      arguments.addAll(List.of("--no-binary", name));
    }
    wheelhouse
        .folder()
        .ifPresent(wheels -> arguments.addAll(List.of("--find-links", wheels.toString())));
    return uv.run(folder, _ -> {}, arguments);
  }

  /** A release that cannot be installed, with what could be in its place. */
  HearthException withoutWheel(Requirement requirement, Lock lock, String why, Path scratch) {
    return UvErrors.withoutWheel(requirement, lock, why, usable(requirement.name(), scratch));
  }

  /** The newest release of a project that this platform can install. */
  private Optional<String> usable(String name, Path scratch) {
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
