package dev.hearth.build.source;

import dev.hearth.build.python.WheelName;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.build.uv.CPython;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvErrors;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheel.WheelArchive;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Builds a wheel from a source tree with the backend that the tree declares. uv installs the
 * backend from wheels without running it; the backend then runs in the sandbox, without network and
 * without a compiler.
 */
public final class WheelBuilder {

  /**
   * Asks the backend for further requirements if necessary, and builds the wheel if there are none.
   */
  private static final String SCRIPT =
      """
      cp -r "$SOURCE" tree || exit 1
      if [ -n "$BACKEND_OBJECT" ]; then
          more=$(cd tree && "$BACKEND/bin/python" -c "$REQUIRES") || exit 1
          [ -z "$more" ] || { printf '%s\\n' "$more"; exit 0; }
      fi
      "$UV" build --wheel --no-build-isolation --offline --no-config --color never \
          --python "$BACKEND/bin/python" --out-dir out tree >&2 || exit 1
      set -- out/*.whl
      [ $# -eq 1 ] || { echo "the backend made $# wheels instead of one" >&2; exit 1; }
      cat "$1"
      """;

  /** A Python program that prints a backend's further requirements, one a line. */
  private static final String REQUIRES = resource("/backend/requires.py");

  /** Part of the error of setuptools-scm and similar tools in a tree without version control. */
  private static final String WITHOUT_VERSION_CONTROL = "SETUPTOOLS_SCM_PRETEND_VERSION";

  /** Part of the error of uv where it needs the backend's package. */
  private static final String WITHOUT_BACKEND = "No module named 'uv_build'";

  /** The first bytes of a wheel. */
  private static final String ZIP = "PK\3\4";

  /** Longest list of requirements that a backend may ask for, in bytes. */
  private static final int LONGEST_REQUIRES = 64 << 10;

  private static final Pattern METADATA = Pattern.compile("([^/]+)\\.dist-info/METADATA");

  private final UvCommand uv;
  private final UvSettings settings;
  private final Sandbox sandbox;
  private final CPython python;

  public WheelBuilder(UvCommand uv, UvSettings settings, Sandbox sandbox, CPython python) {
    this.uv = uv;
    this.settings = settings;
    this.sandbox = sandbox;
    this.python = python;
  }

  /**
   * Builds a wheel.
   *
   * @param source the tree, with or without a pyproject.toml
   * @param scratch an empty folder
   * @param what name of the project or dependency, for error messages
   * @return the wheel
   */
  Path build(String tenant, Path source, Path scratch, String what, Consumer<String> log)
      throws IOException {
    Files.createDirectories(scratch);
    var system = BuildSystem.of(source, what);
    var environment = provide(scratch, what);
    var wheel = scratch.resolve("built.whl");
    if (system.isUvs() && isBuiltByUv(tenant, source, environment, wheel, what, log)) {
      return named(wheel, what);
    }
    install(environment, system.requires(), scratch, what, log);
    var asked = system.mayAskForMore() ? Optional.of(system) : Optional.<BuildSystem>empty();
    run(tenant, command(source, environment, scratch, asked, what), wheel, log);
    var more = more(wheel, what);
    if (!more.isEmpty()) {
      install(environment, more, scratch, what, log);
      run(tenant, command(source, environment, scratch, Optional.empty(), what), wheel, log);
    }
    return named(wheel, what);
  }

  /**
   * Builds with the backend that uv contains. An index may not have that backend's package in the
   * version that the tree requires.
   *
   * @return false if uv's version is not within the required bounds
   */
  private boolean isBuiltByUv(
      String tenant, Path source, Path environment, Path wheel, String what, Consumer<String> log)
      throws IOException {
    var said = new ArrayList<String>();
    var place = Files.createDirectory(wheel.resolveSibling("uvs"));
    var command = command(source, environment, place, Optional.empty(), what);
    try {
      run(tenant, command, wheel, said::add);
    } catch (HearthException failed) {
      if (failed.detail().contains(WITHOUT_BACKEND)) {
        return false;
      }
      said.forEach(log);
      throw failed;
    }
    said.forEach(log);
    return true;
  }

  private void run(String tenant, Sandbox.Command command, Path wheel, Consumer<String> log)
      throws IOException {
    try {
      sandbox.run(tenant, command, wheel, log);
    } catch (HearthException failed) {
      throw failed.detail().contains(WITHOUT_VERSION_CONTROL)
          ? new HearthException(
              failed.code(),
              failed.detail()
                  + "\n"
                  + "Uploads have no version control. Set the version to use without it:"
                  + " [tool.hatch.version] fallback-version, or [tool.setuptools_scm]"
                  + " fallback_version.",
              failed)
          : failed;
    }
  }

  /**
   * Returns the sandboxed command that builds the wheel.
   *
   * @param asked the build system whose backend is asked first, if any
   */
  private Sandbox.Command command(
      Path source, Path environment, Path scratch, Optional<BuildSystem> asked, String what) {
    return new Sandbox.Command(
        SCRIPT,
        scratch.resolve(asked.isPresent() ? "asked" : "work"),
        Map.of("SOURCE", source, "BACKEND", environment, "UV", settings.program()),
        python.prefixes(),
        Map.of(
            "PATH", "/usr/bin:/bin",
            "LANG", "C.UTF-8",
            "CC", "/bin/false",
            "CXX", "/bin/false",
            "BACKEND_OBJECT", asked.map(BuildSystem::backend).orElse(""),
            "BACKEND_PATH", asked.map(system -> String.join(":", system.path())).orElse(""),
            "REQUIRES", REQUIRES,
            "SOURCE_DATE_EPOCH", "315532800",
            "UV_NO_CACHE", "1"),
        Sandbox.AddressSpace.LIMITED,
        "The build of " + what);
  }

  /** Returns the requirements that a backend asked for instead of building a wheel. */
  private static List<String> more(Path output, String what) throws IOException {
    try (var in = Files.newInputStream(output)) {
      var begin = new String(in.readNBytes(LONGEST_REQUIRES), StandardCharsets.ISO_8859_1);
      if (begin.isEmpty() || begin.startsWith(ZIP)) {
        return List.of();
      }
      if (begin.length() == LONGEST_REQUIRES) {
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            "The list of build requirements of the backend of %s exceeds %d KiB. Use another backend."
                .formatted(what, LONGEST_REQUIRES >> 10));
      }
      return BuildSystem.specifiers(
          begin.lines().filter(line -> !line.isBlank()).toList(),
          "The list of build requirements of the backend of " + what);
    }
  }

  /** Creates an empty environment for a backend. */
  private Path provide(Path scratch, String what) {
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
    return environment;
  }

  private void install(
      Path environment, List<String> requirements, Path scratch, String what, Consumer<String> log)
      throws IOException {
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
  }

  private static String resource(String name) {
    try (var in = WheelBuilder.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void succeed(UvCommand.Outcome outcome, String what) {
    if (!outcome.succeeded()) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          UvErrors.explain(outcome.told(), "Check [build-system] requires of " + what + "."));
    }
  }

  /**
   * Checks a wheel, names it as its metadata says, and tags it for any platform. Untrusted code
   * made the wheel, so it may contain anything, but it must not contain native code.
   */
  private static Path named(Path wheel, String what) throws IOException {
    var entries = entries(wheel, what);
    if (entries.stream().anyMatch(name -> name.endsWith(".so") || name.contains(".so."))) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          what
              + " contains native code, which cannot be built here. Use another release or package.");
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
      WheelArchive.check(wheel, "that was built from " + what);
      try (var zip = new ZipFile(wheel.toFile())) {
        return zip.stream().map(ZipEntry::getName).toList();
      }
    } catch (IOException _) {
      throw noWheel(what);
    }
  }

  private static HearthException noWheel(String what) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "The build of " + what + " made no valid wheel. Check its build backend.");
  }
}
