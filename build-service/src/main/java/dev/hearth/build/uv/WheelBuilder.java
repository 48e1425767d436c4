package dev.hearth.build.uv;

import dev.hearth.build.project.ProjectFile;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Builds a wheel from a source tree with the backend that the tree names. uv fetches the backend
 * outside, from wheels, without running it; the backend then runs in the sandbox, without network
 * and without a compiler.
 */
final class WheelBuilder {

  private static final List<String> DEFAULT_BACKEND = List.of("setuptools >= 40.8.0", "wheel");

  /** With anything that could keep the newest away. */
  private static final Pattern OLD_SETUPTOOLS = Pattern.compile("setuptools\\b.*(<|==|~=).*");

  private static final Pattern METADATA = Pattern.compile("([^/]+)\\.dist-info/METADATA");

  private final UvCommand uv;
  private final UvSettings settings;
  private final Sandbox sandbox;
  private final CPython python;

  WheelBuilder(UvCommand uv, UvSettings settings, Sandbox sandbox, CPython python) {
    this.uv = uv;
    this.settings = settings;
    this.sandbox = sandbox;
    this.python = python;
  }

  /**
   * Builds.
   *
   * @param source the tree, with or without a pyproject.toml
   * @param scratch an empty folder
   * @param what for messages: the project's or the dependency's name
   * @return the wheel
   */
  Path build(String tenant, Path source, Path scratch, String what, Consumer<String> log)
      throws IOException {
    Files.createDirectories(scratch);
    var environment = provide(scratch, requirements(source), what, log);
    var wheel = scratch.resolve("built.whl");
    sandbox.run(
        tenant,
        new Sandbox.Command(
            "cp -r \"$SOURCE\" tree && \"$UV\" build --wheel --no-build-isolation --offline --no-config"
                + " --color never --python \"$BACKEND/bin/python\" --out-dir out tree >&2"
                + " && set -- out/*.whl && if [ $# -ne 1 ]; then"
                + " echo \"it made $# wheels in place of one\" >&2; exit 1; fi && cat \"$1\"",
            scratch.resolve("work"),
            Map.of("SOURCE", source, "BACKEND", environment, "UV", settings.program()),
            python.prefixes(),
            Map.of(
                "PATH", "/usr/bin:/bin",
                "LANG", "C.UTF-8",
                "CC", "/bin/false",
                "CXX", "/bin/false",
                "SOURCE_DATE_EPOCH", "315532800",
                "UV_NO_CACHE", "1"),
            Sandbox.AddressSpace.LIMITED,
            "The build of " + what),
        wheel,
        log);
    return named(wheel, what);
  }

  /**
   * What the tree's {@code [build-system]} requires; uv is given nothing that is more than that.
   */
  private static List<String> requirements(Path source) throws IOException {
    var file = source.resolve("pyproject.toml");
    if (!Files.exists(file)) {
      return DEFAULT_BACKEND;
    }
    var name = "pyproject.toml of " + source.getFileName();
    var requires = ProjectFile.toml(file, name).path("build-system").path("requires");
    if (!requires.isArray()) {
      return DEFAULT_BACKEND;
    }
    var requirements = requires.valueStream().map(each -> each.asString("")).toList();
    for (var requirement : requirements) {
      if (!Requirement.isSpecifier(requirement)) {
        throw new HearthException(
            ErrorCode.PROJECT_INVALID,
            "[build-system] requires of %s has \"%s\", which is no dependency specifier."
                .formatted(name, requirement.lines().findFirst().orElse("")));
      }
      Requirement.requireNoVariable(requirement);
    }
    return withWheel(requirements);
  }

  /** Older releases of setuptools ask for wheel once they run, which is too late here. */
  private static List<String> withWheel(List<String> requirements) {
    var isOld = requirements.stream().anyMatch(each -> OLD_SETUPTOOLS.matcher(each).matches());
    return isOld ? Stream.concat(requirements.stream(), Stream.of("wheel")).toList() : requirements;
  }

  private Path provide(Path scratch, List<String> requirements, String what, Consumer<String> log)
      throws IOException {
    var environment = scratch.resolve("backend");
    succeed(
        uv.run(
            scratch,
            _ -> {},
            List.of(
                "venv",
                "--no-project",
                "--quiet",
                "--python",
                python.executable().toString(),
                environment.toString())),
        what);
    var file = Files.write(scratch.resolve("backend.txt"), requirements);
    succeed(
        uv.run(
            scratch,
            log,
            List.of(
                "pip",
                "install",
                "--python",
                environment.resolve("bin/python").toString(),
                "--link-mode",
                "copy",
                "--no-build",
                "-r",
                file.toString())),
        what);
    return environment;
  }

  private static void succeed(UvCommand.Outcome outcome, String what) {
    if (!outcome.succeeded()) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          UvErrors.explain(
              outcome.output(),
              "What [build-system] requires of " + what + " cannot be installed."));
    }
  }

  /**
   * Gives the wheel the name that its own metadata asks for, tagged for any platform: it was built
   * by another Python, but nothing native is in it. Code that nobody trusts made it.
   */
  private static Path named(Path wheel, String what) throws IOException {
    var entries = entries(wheel, what);
    if (entries.stream().anyMatch(name -> name.endsWith(".so") || name.contains(".so."))) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          what + " needs native code, which was built for another Python.");
    }
    var names =
        entries.stream()
            .map(METADATA::matcher)
            .filter(Matcher::matches)
            .map(metadata -> metadata.group(1) + "-py3-none-any.whl")
            .toList();
    if (names.size() != 1 || WheelName.parse(names.getFirst()).isEmpty()) {
      throw noWheel(what);
    }
    return Files.move(wheel, wheel.resolveSibling(names.getFirst()));
  }

  private static List<String> entries(Path wheel, String what) {
    try {
      WheelArchive.check(wheel, "that was built of " + what);
      try (var zip = new ZipFile(wheel.toFile())) {
        return zip.stream().map(ZipEntry::getName).toList();
      }
    } catch (IOException _) {
      throw noWheel(what);
    }
  }

  private static HearthException noWheel(String what) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE, "The build of " + what + " made no wheel.");
  }
}
