package dev.hearth.build.uv;

import dev.hearth.build.python.Target;
import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Runs uv for one tenant, with a cache and credentials that other tenants' builds cannot see. uv
 * never runs a project's code here: every command that could do so has {@code --no-build}.
 */
public final class UvCommand {

  /** Limit of processes and threads; high, because uv starts many threads. */
  private static final int PROCESSES = 1024;

  private static final int LONGEST_OUTPUT = 16 << 20;

  private static final int LONGEST_TOLD = 64 << 10;

  /** Interval between checks of a run's limits. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /** Tolerance for file times, which lag a little. */
  private static final Duration CLOCK_TICK = Duration.ofMillis(20);

  private final UvSettings settings;
  private final UvWalls walls;
  private final Target target;
  private final Path interpreter;
  private final UvCache cache;
  private final UvEnvironment environment;
  private final Optional<UvEgress.Way> way;
  private final Semaphore running = new Semaphore(4);

  private final Instant end;

  /**
   * Prepares uv for one build.
   *
   * @param walls sandbox that shows the folders of the build and the tenant
   * @param cache the tenant's cache
   * @param environment the build's environment
   * @param way access to the egress proxy, if uv must use it
   */
  public UvCommand(
      UvSettings settings,
      UvWalls walls,
      Target target,
      Path interpreter,
      UvCache cache,
      UvEnvironment environment,
      Optional<UvEgress.Way> way) {
    this.settings = settings;
    this.walls = walls;
    this.target = target;
    this.interpreter = interpreter;
    this.cache = cache;
    this.environment = environment;
    this.way = way;
    this.end = Instant.now().plus(settings.total());
  }

  /**
   * The result of a run.
   *
   * @param output both output streams, truncated at a limit
   * @param told end of the output, with logins and paths hidden
   */
  public record Outcome(int exit, String output, String told) {

    public boolean succeeded() {
      return exit == 0;
    }
  }

  /** Returns the Python that uv resolves and installs for. */
  public Target target() {
    return target;
  }

  /** Returns the executable that answers uv's interpreter query for the target. */
  public Path interpreter() {
    return interpreter;
  }

  /**
   * Runs uv in a folder and sends each line of its output to the log as it comes.
   *
   * @throws HearthException if a limit was exceeded, or if uv could not be run
   */
  public Outcome run(Path folder, Consumer<String> log, List<String> arguments) {
    requireTime();
    try {
      running.acquire();
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
    try (var group = Sandbox.group("uv", settings.memory(), PROCESSES)) {
      var process = start(walls.command(folder, group.enter(), complete(arguments)), folder);
      var broken = new AtomicReference<>("");
      var guard = Thread.ofVirtual().start(() -> endAtLimit(process, broken));
      var output = read(process, log);
      guard.join();
      var exit = process.waitFor();
      requireWithinLimits(group.ranOutOfMemory() ? memoryLimit() : broken.get());
      return outcome(exit, output);
    } catch (IOException failed) {
      throw new HearthException(
          ErrorCode.BUILD_FAILED,
          "uv could not be run; the operator must make it available (build.uv.executable).",
          failed);
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    } finally {
      running.release();
    }
  }

  private void requireTime() {
    if (Instant.now().isAfter(end)) {
      throw new HearthException(
          ErrorCode.BUILD_FAILED,
          "The build exceeded its time limit of %d min. Add a uv.lock, or remove dependencies that are slow to download or to build."
              .formatted(settings.total().toMinutes()));
    }
  }

  private List<String> complete(List<String> arguments) {
    var all = new ArrayList<>(arguments);
    all.addAll(List.of("--no-python-downloads", "--no-progress", "--color", "never"));
    if (!arguments.contains("--python")) {
      all.addAll(List.of("--python", interpreter.toString()));
    }
    return all;
  }

  private Process start(List<String> command, Path folder) throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment.variables());
    var process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  private String read(Process process, Consumer<String> log) throws IOException {
    var output = new StringBuilder();
    try (var lines = process.inputReader()) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (output.length() < LONGEST_OUTPUT) {
          output.append(line).append('\n');
          // Hides the interpreter's path, which reveals details of the machine.
          if (!line.startsWith("Using ")) {
            log.accept(environment.shown(line));
          }
        }
      }
    }
    return output.toString();
  }

  private String memoryLimit() {
    return "uv exceeded its memory limit of %d MB: the page of an index or the metadata of a wheel is too large. Use another index or release."
        .formatted(settings.memory().toMegabytes());
  }

  private static void requireWithinLimits(String broken) {
    if (!broken.isEmpty()) {
      throw new HearthException(ErrorCode.DEPENDENCY_UNRESOLVED, broken);
    }
  }

  private Outcome outcome(int exit, String output) {
    if (exit != 0) {
      explainRefusal();
    } else if (output.length() >= LONGEST_OUTPUT) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNRESOLVED,
          "The list of the project's dependencies exceeds %d MiB. Remove dependencies."
              .formatted(LONGEST_OUTPUT >> 20));
    }
    return new Outcome(exit, output, shown(output));
  }

  private String shown(String output) {
    return environment.shown(output.substring(Math.max(0, output.length() - LONGEST_TOLD)));
  }

  private static IllegalStateException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while uv ran", interrupted);
  }

  /** Returns arguments that make uv use one index alone, as {@link UvEnvironment#only} does. */
  public List<String> only(String index) {
    return environment.only(index);
  }

  /** Returns true if a marker holds for the target. */
  public boolean fits(Path folder, String marker) {
    // If the marker holds, uv looks for a package that no index has, and fails.
    return !run(
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
        .succeeded();
  }

  /**
   * Throws an error that names the hosts that the egress proxy refused, if any. uv's own error does
   * not name that reason.
   */
  private void explainRefusal() {
    var refused = way.map(known -> known.pass().refused()).orElse(Set.of());
    if (!refused.isEmpty()) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "The project takes packages from %s, which is an address in the operator's network. Use an index on the Internet, or ask the operator to allow the host (build.uv.hosts)."
              .formatted(String.join(", ", new TreeSet<>(refused))));
    }
  }

  /** Kills a run that exceeds a limit and records which limit it was. */
  private void endAtLimit(Process process, AtomicReference<String> broken) {
    var end = Instant.now().plus(settings.limit());
    var begun = Instant.now().minus(CLOCK_TICK);
    try {
      while (!process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        if (Instant.now().isAfter(end)) {
          end(
              process,
              broken,
              "uv did not end within %d s; an index that answers slowly is the usual cause. Try again, or use another index."
                  .formatted(settings.limit().toSeconds()));
        } else if (cache.outgrows(begun)) {
          end(
              process,
              broken,
              "uv exceeded its disk limit: the wheels are too large, or one is a zip bomb. Remove"
                  + " large dependencies, or use another release.");
        }
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
    }
  }

  private static void end(Process process, AtomicReference<String> broken, String why) {
    broken.compareAndSet("", why);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
