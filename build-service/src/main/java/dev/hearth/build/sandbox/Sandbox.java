package dev.hearth.build.sandbox;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.sandbox.Bubblewrap;
import dev.hearth.kit.sandbox.ControlGroup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Runs one shell command in bubblewrap: without network, environment or user, with read-only files
 * except for one folder in memory, and with limits of time, memory, disk, processes and output.
 * Only the command's output leaves the sandbox.
 */
public final class Sandbox {

  private static final Logger log = LoggerFactory.getLogger(Sandbox.class);
  private static final String WORK = "/work";

  private final SandboxSettings settings;
  private final boolean available;

  public Sandbox(SandboxSettings settings) {
    this.settings = settings;
    this.available = Bubblewrap.works(settings.bubblewrap());
    if (!available) {
      log.atWarn()
          .addKeyValue("trusted", settings.trusted())
          .log("bubblewrap cannot be used here: only trusted tenants may build");
    }
  }

  /** Memory limit in addition to that of the control group. */
  public enum AddressSpace {
    /** Limits the address space of each process. */
    LIMITED,
    /** Does not limit it, because a JVM reserves more than it uses. */
    ANY
  }

  /**
   * A command. Paths have other names inside the sandbox, which reveal nothing about the machine.
   * The command finds them in its environment variables.
   *
   * @param shell script for {@code sh -c}, which runs in {@code folder}
   * @param folder working folder {@code $WORK}, writable and initially empty
   * @param shown read-only files and folders, by the variable that holds their path
   * @param asIs read-only folders that keep their paths
   * @param what subject of error messages, as in "The build of flask"
   */
  public record Command(
      String shell,
      Path folder,
      Map<String, Path> shown,
      List<Path> asIs,
      Map<String, String> environment,
      AddressSpace addressSpace,
      String what) {}

  /** Returns true if the operator trusts the tenant. */
  public boolean trusts(String tenant) {
    return settings.trusted().contains(tenant);
  }

  /**
   * Returns a sandbox with network for a trusted program that reads untrusted input; returns
   * nothing if bubblewrap cannot be used and the tenant is trusted.
   *
   * @throws HearthException if bubblewrap cannot be used and the tenant is not trusted
   */
  public Optional<Bubblewrap> walls(String tenant) {
    requireWalls(tenant);
    return available
        ? Optional.of(
            new Bubblewrap(settings.bubblewrap(), "build").network().memory("/tmp", 64 << 20))
        : Optional.empty();
  }

  private void requireWalls(String tenant) {
    if (!available && !trusts(tenant)) {
      throw new HearthException(
          ErrorCode.BUILD_FAILED,
          "Builds cannot run in a sandbox on this machine. Ask the operator to install"
              + " bubblewrap.");
    }
  }

  /**
   * Returns a control group that limits all processes of one command, where control groups can be
   * used.
   *
   * @param what part of the control group's name
   */
  public static ControlGroup group(String what, DataSize memory, int processes) {
    var name =
        "hearth-%d-%s-%s"
            .formatted(
                ProcessHandle.current().pid(),
                what,
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
    return ControlGroup.make(name, memory.toBytes(), processes);
  }

  /**
   * Runs a command and stores its standard output.
   *
   * @param output file for its standard output
   * @param lines receives the lines of its standard error
   * @throws HearthException if the command fails or exceeds a limit; the message names it
   */
  public void run(String tenant, Command command, Path output, Consumer<String> lines)
      throws IOException {
    requireWalls(tenant);
    try (var group = group("build", settings.memory(), settings.processes())) {
      // env -i removes the variables that the shell sets itself.
      var script = group.enter() + (available ? "exec env -i \"$@\"" : "exec \"$@\"");
      var arguments = new ArrayList<>(List.of("/bin/sh", "-c", script, "sh"));
      arguments.addAll(available ? walled(command) : List.of("/bin/sh", "-c", limited(command)));
      var builder = new ProcessBuilder(arguments);
      builder.environment().clear();
      if (!available) {
        builder.environment().putAll(command.environment());
        command
            .shown()
            .forEach((variable, path) -> builder.environment().put(variable, path.toString()));
        builder.environment().put("WORK", command.folder().toString());
        builder.environment().put("HOME", command.folder().toString());
        builder.directory(Files.createDirectories(command.folder()).toFile());
      }
      run(builder, command, output, lines, group);
    }
  }

  private List<String> walled(Command command) {
    var wall =
        new Bubblewrap(settings.bubblewrap(), "build")
            .memory("/tmp", 64 << 20)
            .memory(WORK, settings.disk().toBytes())
            .environment("WORK", WORK)
            .environment("HOME", WORK);
    command.asIs().forEach(wall::show);
    command
        .shown()
        .forEach((name, path) -> {
          var inside = "/" + name.toLowerCase(Locale.ROOT);
          wall.showAs(path, inside).environment(name, inside);
        });
    command.environment().forEach(wall::environment);
    return wall.command(WORK, List.of("/bin/sh", "-c", limited(command)));
  }

  private String limited(Command command) {
    var space =
        command.addressSpace() == AddressSpace.LIMITED
            ? "ulimit -v %d && ".formatted(settings.memory().toKilobytes())
            : "";
    return "%sulimit -t %d && ulimit -c 0 && %s"
        .formatted(space, settings.time().toSeconds(), command.shell());
  }

  private void run(
      ProcessBuilder builder,
      Command command,
      Path output,
      Consumer<String> lines,
      ControlGroup group)
      throws IOException {
    var process = builder.start();
    process.getOutputStream().close();
    var broken = new AtomicReference<>("");
    var guard = Thread.ofVirtual().start(() -> endAtLimit(process, broken));
    var copier = Thread.ofVirtual().start(() -> copy(process, output, broken));
    var said = say(process, lines, broken);
    try {
      guard.join();
      copier.join();
      var exit = process.waitFor();
      var limit =
          group.ranOutOfMemory()
              ? exceeded("memory", settings.memory().toMegabytes() + " MB")
              : broken.get();
      if (!limit.isEmpty()) {
        throw new HearthException(ErrorCode.BUILD_FAILED, command.what() + " " + limit);
      }
      if (exit != 0) {
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            "%s failed:\n%s".formatted(command.what(), said.strip()));
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.what() + " ran", interrupted);
    }
  }

  private void endAtLimit(Process process, AtomicReference<String> broken) {
    try {
      if (!process.waitFor(settings.time().toMillis(), TimeUnit.MILLISECONDS)) {
        end(process, broken, exceeded("time", settings.time().toSeconds() + " s"));
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
    }
  }

  private static String exceeded(String limit, String value) {
    return "exceeded its %s limit of %s. Make it smaller, or ask the operator to raise build.sandbox.%1$s."
        .formatted(limit, value);
  }

  private static void end(Process process, AtomicReference<String> broken, String limit) {
    broken.compareAndSet("", limit);
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private void copy(Process process, Path output, AtomicReference<String> broken) {
    var limit = settings.disk().toBytes();
    var buffer = new byte[64 * 1024];
    try (InputStream from = process.getInputStream();
        var to = Files.newOutputStream(output)) {
      long copied = 0;
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        copied += read;
        if (copied > limit) {
          end(process, broken, exceeded("disk", settings.disk().toMegabytes() + " MB"));
          return;
        }
        to.write(buffer, 0, read);
      }
    } catch (IOException failed) {
      end(process, broken, "failed, because its output cannot be read: " + failed.getMessage());
    }
  }

  /** Passes on the lines of standard error and returns the last ones. */
  private String say(Process process, Consumer<String> lines, AtomicReference<String> broken)
      throws IOException {
    var limit = settings.output().toBytes();
    var last = new StringBuilder();
    long said = 0;
    // Reads chunks, not lines, because an endless line would fill the memory.
    try (InputStream from = process.getErrorStream()) {
      var buffer = new byte[8 * 1024];
      var line = new StringBuilder();
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        said += read;
        if (said > limit) {
          end(process, broken, exceeded("output", settings.output().toMegabytes() + " MB"));
          break;
        }
        line.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
        for (int end = line.indexOf("\n"); end >= 0; end = line.indexOf("\n")) {
          var text = line.substring(0, end);
          line.delete(0, end + 1);
          lines.accept(text);
          last.append(text).append('\n');
          if (last.length() > 4000) {
            last.delete(0, last.length() - 4000);
          }
        }
      }
      last.append(line);
    }
    return last.toString();
  }
}
