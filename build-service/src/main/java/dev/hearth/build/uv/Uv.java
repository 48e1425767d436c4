package dev.hearth.build.uv;

import dev.hearth.build.queue.BuildSettings;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Resolves and installs with uv for the platform's interpreter. */
@Component
public class Uv {

  private static final String LOCK = "uv.lock";

  /** Passed on to uv: where indexes, proxies and certificates are is the operator's to say. */
  private static final List<String> PASSED_ON =
      List.of(
          "UV_",
          "SSL_CERT_",
          "HTTP_PROXY",
          "HTTPS_PROXY",
          "NO_PROXY",
          "http_proxy",
          "https_proxy",
          "no_proxy");

  private final UvSettings settings;
  private final Path data;
  private final Path interpreter;

  Uv(UvSettings settings, BuildSettings build) throws IOException {
    this.settings = settings;
    this.data = Files.createDirectories(build.data()).toAbsolutePath();
    this.interpreter = StubInterpreter.install(data.resolve("interpreter"));
  }

  private record Outcome(int exit, String output) {}

  /**
   * Resolves the project to pinned, hashed requirements.
   *
   * @return the requirements, empty when there are none
   * @throws HearthException with uv's own explanation
   */
  public List<Requirement> resolve(Path project, Consumer<String> log) {
    if (Files.exists(project.resolve(LOCK))) {
      log.accept("honouring uv.lock");
      var check = run(project, log, List.of("lock", "--check", "--no-build"));
      if (check.exit() != 0) {
        throw staleOrBroken(check.output());
      }
    } else {
      var lock = run(project, log, List.of("lock", "--no-build"));
      if (lock.exit() != 0) {
        throw unresolved(lock.output());
      }
    }
    var export =
        run(
            project,
            _ -> {},
            List.of(
                "export",
                "--locked",
                "--no-dev",
                "--no-emit-project",
                "--no-header",
                "--no-annotate",
                "--no-build",
                "--format",
                "requirements-txt",
                "--quiet"));
    if (export.exit() != 0) {
      throw unresolved(export.output());
    }
    return Requirement.parse(export.output());
  }

  /**
   * Resolves once more for this platform alone, which steps back to releases that have a usable
   * wheel. For projects without a lock only.
   */
  public List<Requirement> resolveForPlatform(Path project, Consumer<String> log) {
    var arguments =
        new ArrayList<>(
            List.of(
                "pip",
                "compile",
                "pyproject.toml",
                "--generate-hashes",
                "--no-header",
                "--no-annotate",
                "--only-binary",
                ":all:"));
    for (var name : settings.pureFallback()) {
      arguments.addAll(List.of("--no-binary", name));
    }
    arguments.add("--quiet");
    var compiled = run(project, _ -> {}, arguments);
    if (compiled.exit() != 0) {
      log.accept(compiled.output());
      throw unresolved(compiled.output());
    }
    return Requirement.parse(compiled.output());
  }

  /** Whether the project brought its own lock. */
  public boolean hasLock(Path project) {
    return Files.exists(project.resolve(LOCK));
  }

  /**
   * Installs requirements into a folder, each checked by hash.
   *
   * @return whether that worked; false when a release has no usable wheel
   */
  public boolean install(
      List<Requirement> requirements, Path target, Path scratch, Consumer<String> log)
      throws IOException {
    var wheels = requirements.stream().filter(requirement -> !isPureFallback(requirement)).toList();
    if (!wheels.isEmpty()) {
      var file = Files.writeString(scratch.resolve("wheels.txt"), Requirement.text(wheels));
      var installed =
          run(scratch, log, install(interpreter.toString(), target, file, List.of("--no-build")));
      if (installed.exit() != 0) {
        if (installed.output().contains("no usable wheels")
            || installed.output().contains("no wheels with a matching")) {
          return false;
        }
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            explain(installed.output(), "Check the index and the lock."));
      }
    }
    for (var requirement : requirements) {
      if (isPureFallback(requirement)) {
        installWithoutCompiler(requirement, target, scratch, log);
      }
    }
    return true;
  }

  private boolean isPureFallback(Requirement requirement) {
    return requirement.isPinned() && settings.pureFallback().contains(requirement.name());
  }

  private void installWithoutCompiler(
      Requirement requirement, Path target, Path scratch, Consumer<String> log) throws IOException {
    log.accept("building " + requirement.name() + " without its native part");
    var file = Files.writeString(scratch.resolve("pure.txt"), requirement.text());
    var built =
        run(
            scratch,
            log,
            install(settings.python(), target, file, List.of("--no-binary", requirement.name())));
    if (built.exit() != 0) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          explain(
              built.output(), requirement.name() + " could not be built without its native part."));
    }
  }

  private static List<String> install(
      String python, Path target, Path requirements, List<String> more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "pip",
                "install",
                "--python",
                python,
                "--target",
                target.toString(),
                "--require-hashes",
                "--no-deps",
                "--link-mode",
                "copy",
                "--no-compile-bytecode",
                "-r",
                requirements.toString()));
    arguments.addAll(more);
    return arguments;
  }

  private HearthException staleOrBroken(String output) {
    if (output.contains("needs to be updated")) {
      return new HearthException(
          ErrorCode.LOCK_STALE,
          "uv.lock does not fit pyproject.toml any more. Run `uv lock` and deploy again.");
    }
    return unresolved(output);
  }

  private static HearthException unresolved(String output) {
    if (output.contains("incompatible with the project's Python requirement")) {
      return new HearthException(
          ErrorCode.PYTHON_INCOMPATIBLE,
          explain(output, "Hearth runs Python 3.12: widen requires-python so that 3.12 fits."));
    }
    var code =
        output.contains("TOML parse error") || output.contains("Failed to parse")
            ? ErrorCode.PROJECT_INVALID
            : ErrorCode.DEPENDENCY_UNRESOLVED;
    return new HearthException(
        code, explain(output, "Check the names and versions in [project] dependencies."));
  }

  /** What uv said, without its progress, and what to do. */
  private static String explain(String output, String advice) {
    var said =
        output
            .lines()
            .filter(line -> !line.startsWith("Using ") && !line.startsWith("Resolved "))
            .collect(Collectors.joining("\n"))
            .strip();
    return said.isEmpty() ? advice : said + "\n" + advice;
  }

  private Outcome run(Path folder, Consumer<String> log, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(settings.executable());
    command.addAll(arguments);
    command.addAll(List.of("--no-python-downloads", "--no-progress", "--color", "never"));
    if (!arguments.contains("--python")) {
      command.addAll(List.of("--python", interpreter.toString()));
    }
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    environment(builder.environment());
    try {
      var process = builder.start();
      process.getOutputStream().close();
      var ended =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  if (!process.waitFor(settings.limit().toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                  }
                } catch (InterruptedException _) {
                  process.destroyForcibly();
                }
              });
      var output = new StringBuilder();
      try (var lines = process.inputReader()) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          output.append(line).append('\n');
          log.accept(line);
        }
      }
      ended.join();
      return new Outcome(process.waitFor(), output.toString());
    } catch (IOException failed) {
      throw new HearthException(
          ErrorCode.BUILD_FAILED,
          "uv could not be run; the operator must make it available (build.uv.executable).",
          failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while uv ran", interrupted);
    }
  }

  private void environment(Map<String, String> environment) {
    var inherited = Map.copyOf(environment);
    environment.clear();
    inherited.forEach((name, value) -> {
      if (PASSED_ON.stream().anyMatch(name::startsWith)) {
        environment.put(name, value);
      }
    });
    environment.put("PATH", inherited.getOrDefault("PATH", "/usr/bin:/bin"));
    environment.put("HOME", data.resolve("home").toString());
    environment.put("UV_CACHE_DIR", data.resolve("uv-cache").toString());
    environment.put("LANG", "C.UTF-8");
    // Whatever is built from source is built without a compiler, so that nothing native comes out.
    environment.put("CC", "/bin/false");
    environment.put("CXX", "/bin/false");
  }
}
