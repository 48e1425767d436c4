package dev.hearth.build.resolve;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.RequirementsFile;
import dev.hearth.build.lock.Resolution;
import dev.hearth.build.project.DistributionName;
import dev.hearth.build.project.Project;
import dev.hearth.build.project.Workspace;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvErrors;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Resolves for the target platform alone, stepping back to releases that have a usable wheel. */
public final class PlatformResolver {

  private static final Pattern NEVER_A_WHEEL =
      Pattern.compile("all versions of ([A-Za-z0-9._-]+) have no usable wheels");

  /** The leading part of a version; releases that share it are expected to be compatible. */
  private static final Pattern SERIES = Pattern.compile("((?:0\\.)*\\d+)\\b.*");

  /** Excludes pre-release placeholders, the only releases of some projects for any Python. */
  private static final String NO_EARLY_ONE = ">0";

  private final UvCommand uv;
  private final UvSettings settings;
  private final Wheelhouse wheelhouse;
  private final DeclaredMetadata declared;
  private final Path scratch;

  public PlatformResolver(
      UvCommand uv,
      UvSettings settings,
      Wheelhouse wheelhouse,
      DeclaredMetadata declared,
      Path scratch) {
    this.uv = uv;
    this.settings = settings;
    this.wheelhouse = wheelhouse;
    this.declared = declared;
    this.scratch = scratch;
  }

  /**
   * Resolves again. No release steps back to an earlier series (2.x, 0.28.x), because an error with
   * advice helps a user more than a release that is years old.
   */
  public Resolution resolve(Project project, Path folder, StepBack step) throws IOException {
    var file = declarations(project, folder);
    var declarations = folder.resolve(file);
    var what = new ArrayList<String>();
    if (project.kind() == Project.Kind.REQUIREMENTS) {
      var given = RequirementsFile.read(folder);
      what.add(Files.write(scratch.resolve("given.in"), given.lines()).toString());
      var limits = Files.write(scratch.resolve("given-limits.txt"), given.constraints());
      what.addAll(List.of("-c", limits.toString()));
    } else {
      what.add(file);
    }
    project.build().groups().forEach(group -> what.addAll(List.of("--group", group)));
    project.build().extras().forEach(extra -> what.addAll(List.of("--extra", extra)));
    what.add("--generate-hashes");
    what.addAll(limits(step));
    try (var _ = declared.writeTo(declarations)) {
      var resolution = resolved(folder, what, step);
      return project.kind() == Project.Kind.REQUIREMENTS
          ? new Resolution(
              RequirementsFile.read(folder).allowed(resolution.requirements()), resolution.lock())
          : resolution;
    }
  }

  /**
   * Returns the file that declares the deployed project's dependencies, relative to the folder; in
   * a workspace it is the member's.
   */
  private static String declarations(Project project, Path folder) throws IOException {
    var member = project.build().member();
    return member.isEmpty()
        ? project.script().orElse("pyproject.toml")
        : folder
            .relativize(Workspace.member(folder, member.get()).resolve("pyproject.toml"))
            .toString();
  }

  private Resolution resolved(Path folder, List<String> what, StepBack step) throws IOException {
    // uv prefers the releases in an existing output file, so the other releases do not change.
    var output = scratch.resolve("stepped.txt");
    Files.writeString(output, String.join("\n", pinned(step)));
    var arguments = new ArrayList<>(what);
    arguments.addAll(List.of("--output-file", output.toString()));
    var compiled = compile(folder, arguments);
    var known = step.before().lock();
    if (!compiled.succeeded() && compiled.output().contains("usable wheels")) {
      throw withoutWheel(
          named(compiled.told(), known).orElse(step.lacking().getFirst()), known, "");
    }
    if (!compiled.succeeded() && !compiled.output().contains("No solution found")) {
      throw UvErrors.unresolved(compiled.told(), uv.target());
    }
    if (!compiled.succeeded()) {
      throw withoutWheel(step.lacking().getFirst(), known, "");
    }
    return new Resolution(Requirement.parse(Files.readString(output)), known);
  }

  private List<String> limits(StepBack step) throws IOException {
    var arguments = new ArrayList<String>();
    var lacking = step.lackingNames();
    var bounds = new ArrayList<String>();
    versions(step)
        .forEach((name, version) -> {
          var series = SERIES.matcher(version);
          if (lacking.contains(name)) {
            bounds.add(name + NO_EARLY_ONE);
          } else if (series.matches()) {
            bounds.add(name + ">=" + series.group(1) + ".dev0");
          }
        });
    var file = Files.write(scratch.resolve("bounds.txt"), bounds);
    arguments.addAll(List.of("-c", file.toString()));
    if (!step.without().isEmpty()) {
      var never = step.without().stream().map(name -> name + " ; sys_platform == 'never'").toList();
      arguments.addAll(
          List.of("--override", Files.write(scratch.resolve("without.txt"), never).toString()));
    }
    step.before()
        .lock()
        .all()
        .filter(Lock.Locked::isSourceAlone)
        .forEach(locked -> arguments.addAll(List.of("--no-binary", locked.name())));
    step.pure().forEach(name -> arguments.addAll(List.of("--no-binary", name)));
    return arguments;
  }

  private static List<String> pinned(StepBack step) {
    var lacking = step.lackingNames();
    return versions(step).entrySet().stream()
        .filter(pin -> !lacking.contains(pin.getKey()) && !step.without().contains(pin.getKey()))
        .map(pin -> pin.getKey() + "==" + pin.getValue())
        .toList();
  }

  /** Returns the versions of projects that were resolved to one version for all platforms. */
  private static Map<String, String> versions(StepBack step) {
    var versions = new TreeMap<String, String>();
    var several = new HashSet<String>();
    for (var requirement : step.before().requirements()) {
      requirement
          .version()
          .map(version -> versions.put(requirement.name(), version))
          .ifPresent(_ -> several.add(requirement.name()));
    }
    versions.keySet().removeAll(several);
    return versions;
  }

  /**
   * Returns the release that uv reports to have no usable wheel. Projects without any usable wheel
   * come first, because they may be why projects that depend on them are reported as well.
   */
  private static Optional<Requirement> named(String output, Lock known) {
    return Stream.of(NEVER_A_WHEEL, UvErrors.WITHOUT_WHEEL)
        .flatMap(pattern -> pattern.matcher(output).results())
        .map(match -> DistributionName.normalized(match.group(1)))
        .findFirst()
        .map(name ->
            new Requirement(
                name, known.last(name).map(locked -> name + "==" + locked.version()).orElse(name)));
  }

  /** Runs {@code uv pip compile} for releases that the target can install. */
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

  /**
   * Returns the error for a release without a usable wheel, with an alternative if there is one.
   */
  public HearthException withoutWheel(Requirement requirement, Lock lock, String why) {
    return MissingWheel.error(
        requirement, lock, uv.target(), why, usable(requirement.name(), lock));
  }

  /** Returns the newest release of a project that the target can install. */
  private Optional<String> usable(String name, Lock lock) {
    try {
      var file = Files.writeString(scratch.resolve("usable.in"), name + NO_EARLY_ONE + "\n");
      var what = new ArrayList<>(List.of(file.toString(), "--no-deps"));
      what.addAll(uv.only(lock.last(name).map(Lock.Locked::registry).orElse("")));
      var compiled = compile(scratch, what);
      return compiled.succeeded()
          ? Requirement.parse(compiled.output()).stream()
              .filter(requirement -> requirement.name().equals(name))
              .findFirst()
              .flatMap(Requirement::version)
          : Optional.empty();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
