package dev.hearth.executor.sandbox;

import dev.hearth.kit.sandbox.Bubblewrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints and restores processes with <a href="https://criu.org">CRIU</a>. Both run inside the
 * process's sandbox, so that a snapshot holds only the process: its files, network and process ids
 * exist again in the next sandbox. CRIU runs as nobody, like the process, with the few capabilities
 * that it needs.
 *
 * @param executable the executable's absolute path
 * @param version version as CRIU prints it
 */
public record Criu(Path executable, String version) {

  private static final Logger log = LoggerFactory.getLogger(Criu.class);

  /** Name of the archive of {@link #pack} among the images. */
  public static final String FILES = "files.tar";

  /** Folder inside the sandbox from which a process is restored. */
  static final String IMAGES = "/snapshot";

  /** Capabilities for process ids, inherited descriptors, local connections and dropped rights. */
  private static final List<String> TO_RESTORE =
      List.of("CHECKPOINT_RESTORE", "SETPCAP", "NET_ADMIN", "DAC_OVERRIDE");

  /** {@link #TO_RESTORE}, and capabilities to inspect the process and its system call filters. */
  private static final List<String> TO_DUMP =
      List.of(
          "CHECKPOINT_RESTORE",
          "SETPCAP",
          "NET_ADMIN",
          "DAC_OVERRIDE",
          "SYS_PTRACE",
          "SYS_ADMIN",
          "SYS_CHROOT",
          "KILL");

  /** Capabilities to become nobody. */
  private static final List<String> TO_CHANGE = List.of("SETUID", "SETGID");

  /** Shell command that archives the contents of the in-memory folders, which any sandbox has. */
  private static final String PACK =
      "cd / && /usr/bin/find tmp host/tmp -xdev -mindepth 1 -user 65534 -print0"
          + " | /bin/tar --null --no-recursion -T - -Scf -";

  /** Shell command that limits the archive to 512 MiB, whatever sizes its files claim to have. */
  private static final String LIMITED = "ulimit -f 1048576; exec \"$@\"";

  /** Kernels from 6.16 on need CRIU 4.2. */
  private static final int OLDEST_MAJOR = 4;

  private static final int OLDEST_MINOR = 2;

  /** Longest checkpoint, because the process may be stopped or its files may never end. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int STREAMS = 3;

  /** Returns the configured CRIU if this process can use it, which needs root. */
  static Optional<Criu> find(@Nullable String executable) {
    if (executable == null || executable.isEmpty()) {
      return Optional.empty();
    }
    var path = Path.of(executable).toAbsolutePath();
    var version = version(path);
    if (System.getProperty("user.name").equals("root") && isNewEnough(version)) {
      return Optional.of(new Criu(path, version));
    }
    log.atWarn()
        .addKeyValue("criu", executable)
        .addKeyValue("version", version)
        .log("no snapshots of hosts: they need root and CRIU 4.2 or newer");
    return Optional.empty();
  }

  private static boolean isNewEnough(String version) {
    var numbers = version.split("\\D+", -1);
    return numbers.length > 1
        && !numbers[0].isEmpty()
        && !numbers[1].isEmpty()
        && (Integer.parseInt(numbers[0]) > OLDEST_MAJOR
            || (Integer.parseInt(numbers[0]) == OLDEST_MAJOR
                && Integer.parseInt(numbers[1]) >= OLDEST_MINOR));
  }

  /** Returns the capabilities that a sandbox must grant for {@link #restore}. */
  static List<String> capabilities() {
    var all = new ArrayList<>(TO_RESTORE);
    all.addAll(TO_CHANGE);
    return all;
  }

  /**
   * Returns the path that the sandbox must show: the executable, or its folder if that holds
   * libraries.
   */
  Path shown() {
    var folder = executable.resolve("..").normalize();
    return Files.isDirectory(folder.resolve("lib")) ? folder : executable;
  }

  private static String version(Path executable) {
    try {
      var process = new ProcessBuilder(executable.toString(), "--version").start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return said.lines().findFirst().map(line -> line.replace("Version: ", "")).orElse("");
    } catch (IOException failed) {
      return "";
    }
  }

  /**
   * Checkpoints a process in its sandbox; blocks until the images are written. The process keeps
   * running.
   *
   * @param process id of the process
   * @param images an empty folder for the images
   * @param output file for CRIU's messages
   * @return the standard streams of the process, which {@link #restore} needs
   * @throws IOException if the process cannot be checkpointed now, or at all
   */
  public List<String> dump(long process, Path images, Path output)
      throws IOException, InterruptedException {
    var pipes = pipes(process);
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "exec 9<\"$0\"; exec \"$@\""));
    command.add(images.toString());
    command.addAll(inNamespaces(process, "-m", "-p", "-n", "-i", "-u", "-C"));
    command.addAll(asNobody(TO_DUMP));
    command.addAll(
        List.of(
            executable.toString(),
            "dump",
            "--unprivileged",
            "--leave-running",
            "-v1",
            "-t",
            innerId(process),
            "-D",
            "/proc/self/fd/9",
            "--network-lock",
            "skip"));
    command.addAll(common());
    pipes.forEach(pipe -> command.addAll(List.of("--external", pipe)));
    run(
        "the process cannot be checkpointed, most likely because of open connections. Close them in"
            + " a hook: workers.register_before_snapshot",
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())));
    return pipes;
  }

  /**
   * Archives the files that the process wrote to its in-memory folders. The archiver runs as
   * another user in another process namespace, and may read but not write.
   *
   * @param process id of the process
   * @throws IOException if the files are too large or change meanwhile
   */
  public void pack(long process, Path archive) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", LIMITED, "sh"));
    command.addAll(inNamespaces(process, "-m"));
    command.addAll(List.of("/usr/bin/setpriv", "--reuid", "1", "--regid", "1", "--clear-groups"));
    command.addAll(List.of("--no-new-privs"));
    for (var set : List.of("--bounding-set", "--inh-caps", "--ambient-caps")) {
      command.addAll(List.of(set, "-all,+dac_read_search"));
    }
    command.addAll(List.of("/bin/sh", "-c", PACK));
    run(
        "the process's files cannot be archived: they are too large or change meanwhile",
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(archive.toFile()));
  }

  /** Returns the command prefix for {@link #restore} that unpacks the archive of {@link #pack}. */
  public static List<String> unpackFiles() {
    var unpack = String.join(" ", Bubblewrap.asNobody("--bounding-set=-all"));
    unpack += " --no-new-privs /bin/tar -C / -pxf " + IMAGES + "/" + FILES;
    return List.of("/bin/sh", "-c", unpack + " && exec \"$@\"", "sh");
  }

  private static void run(String problem, ProcessBuilder builder)
      throws IOException, InterruptedException {
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    var process = builder.start();
    try {
      process.getOutputStream().close();
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS) || process.exitValue() != 0) {
        throw new IOException(problem);
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /** Returns the command prefix that enters namespaces of a process. */
  private static List<String> inNamespaces(long process, String... namespaces) {
    var command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(process)));
    command.addAll(List.of(namespaces));
    return command;
  }

  /** Returns the command that restores a process from {@value #IMAGES} and waits for its end. */
  public List<String> restore(List<String> pipes) {
    var command = new ArrayList<>(asNobody(TO_RESTORE));
    command.addAll(
        List.of(
            executable.toString(), "restore", "--unprivileged", "-v0", "-D", IMAGES, "-W", "/tmp"));
    command.addAll(common());
    for (int i = 0; i < pipes.size(); i++) {
      command.addAll(List.of("--inherit-fd", "fd[%d]:%s".formatted(i, pipes.get(i))));
    }
    return command;
  }

  /** Returns options of dump and restore, for example for asyncio's connection to itself. */
  private static List<String> common() {
    return List.of("--tcp-established", "--manage-cgroups=ignore");
  }

  private static List<String> asNobody(List<String> capabilities) {
    var named =
        capabilities.stream()
            .map(name -> "+" + name.toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
    return Bubblewrap.asNobody(
        "--bounding-set",
        "-all," + named,
        "--inh-caps",
        "-all," + named,
        "--ambient-caps",
        "-all," + named,
        "--pdeathsig",
        "keep");
  }

  /** Returns the id of a process in its own namespace. */
  private static String innerId(long process) throws IOException {
    try (var lines = Files.lines(Path.of("/proc", Long.toString(process), "status"))) {
      return lines
          .filter(line -> line.startsWith("NSpid:"))
          .map(line -> line.substring(line.lastIndexOf('\t') + 1))
          .findFirst()
          .orElseThrow(() -> new IOException("the process has ended"));
    } catch (UncheckedIOException failed) {
      throw failed.getCause();
    }
  }

  /** Returns the standard streams of a process, which are pipes to this service. */
  private static List<String> pipes(long process) throws IOException {
    var pipes = new ArrayList<String>();
    for (int i = 0; i < STREAMS; i++) {
      var stream = Path.of("/proc", Long.toString(process), "fd", Integer.toString(i));
      pipes.add(Files.readSymbolicLink(stream).toString());
    }
    return pipes;
  }
}
