package dev.hearth.executor.host;

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
 * Writes a process down and makes it anew (<a href="https://criu.org">CRIU</a>). Both happen inside
 * the wall of the process, where nothing but the process is to be written down: its files, network
 * and process ids are those of the next wall. Of the machine's rights it has few, and in user ids
 * it is nobody, as the process is.
 *
 * @param executable absolute
 * @param version as it says itself
 */
record Criu(Path executable, String version) {

  private static final Logger log = LoggerFactory.getLogger(Criu.class);

  /** Behind the wall, where a process is made anew. */
  static final String IMAGES = "/snapshot";

  /** Process ids, descriptors of the node's, connections within the process, rights given up. */
  private static final List<String> TO_RESTORE =
      List.of("CHECKPOINT_RESTORE", "SETPCAP", "NET_ADMIN", "DAC_OVERRIDE");

  /** To look into the process and at its system call filters as well. */
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

  /** To become nobody. */
  private static final List<String> TO_CHANGE = List.of("SETUID", "SETGID");

  /** What is in the folders in memory, see {@link HostWall}; they themselves will be there. */
  private static final String PACK =
      "cd / && /usr/bin/find tmp host/tmp -xdev -mindepth 1 -user 65534 -print0"
          + " | /bin/tar --null --no-recursion -T - -Scf -";

  /** No archive has more than 512 MiB, whatever sizes its files claim to have. */
  private static final String LIMITED = "ulimit -f 1048576; exec \"$@\"";

  /** Kernels from 6.16 on need it. */
  private static final int OLDEST_MAJOR = 4;

  private static final int OLDEST_MINOR = 2;

  /** A process that is stopped, or whose files never end, should not keep anybody for long. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int STREAMS = 3;

  /** The one that is set, where it can be used: by root. */
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
        .log("no snapshots of hosts: they need root, and CRIU 4.2 or newer");
    return Optional.empty();
  }

  private static boolean isNewEnough(String version) {
    var numbers = version.split("\\D+");
    return numbers.length > 1
        && !numbers[0].isEmpty()
        && (Integer.parseInt(numbers[0]) > OLDEST_MAJOR
            || (Integer.parseInt(numbers[0]) == OLDEST_MAJOR
                && Integer.parseInt(numbers[1]) >= OLDEST_MINOR));
  }

  /** What a wall has to give for {@link #restore}. */
  static List<String> capabilities() {
    var all = new ArrayList<>(TO_RESTORE);
    all.addAll(TO_CHANGE);
    return all;
  }

  /** What to show for the executable to run: its folder, where that has its libraries too. */
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
   * Writes down the process behind a wall, which goes on; blocks until that is done.
   *
   * @param process its id
   * @param images an empty folder
   * @param output where what goes wrong is said
   * @return what {@link #restore} needs to know of the process
   * @throws IOException when it cannot be written down now, or never
   */
  List<String> dump(long process, Path images, Path output)
      throws IOException, InterruptedException {
    var pipes = pipes(process);
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "exec 9<\"$0\"; exec \"$@\""));
    command.add(images.toString());
    command.addAll(behind(process, "-m", "-p", "-n", "-i", "-u", "-C"));
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
        "it cannot be written down; connections must be closed by a hook, see register_before_snapshot",
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())));
    return pipes;
  }

  /**
   * Packs what the process has written to its folders in memory. Who packs is somebody else, out of
   * the sight of the process, and may read but not write.
   *
   * @param process its id
   * @throws IOException when that is too much, or is being changed
   */
  void pack(long process, Path archive) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", LIMITED, "sh"));
    command.addAll(behind(process, "-m"));
    command.addAll(List.of("/usr/bin/setpriv", "--reuid", "1", "--regid", "1", "--clear-groups"));
    command.addAll(List.of("--no-new-privs"));
    for (var set : List.of("--bounding-set", "--inh-caps", "--ambient-caps")) {
      command.addAll(List.of(set, "-all,+dac_read_search"));
    }
    command.addAll(List.of("/bin/sh", "-c", PACK));
    run(
        "what it has written to its folders cannot be kept",
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectOutput(archive.toFile()));
  }

  /** The command before {@link #restore} that unpacks them. */
  static List<String> unpackFiles() {
    var unpack = String.join(" ", Bubblewrap.asNobody("--bounding-set=-all"));
    unpack += " --no-new-privs /bin/tar -C / -pxf " + IMAGES + "/" + HostImages.FILES;
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

  /** The command before one that is to run where a process is. */
  private static List<String> behind(long process, String... namespaces) {
    var command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(process)));
    command.addAll(List.of(namespaces));
    return command;
  }

  /** The command that makes a process anew from what lies in {@value #IMAGES}, and waits for it. */
  List<String> restore(List<String> pipes) {
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

  /** An event loop wakes itself by a connection within the process. */
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

  /** Its id as it knows it itself. */
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

  /** Its standard streams, which are the node's. */
  private static List<String> pipes(long process) throws IOException {
    var pipes = new ArrayList<String>();
    for (int i = 0; i < STREAMS; i++) {
      var stream = Path.of("/proc", Long.toString(process), "fd", Integer.toString(i));
      pipes.add(Files.readSymbolicLink(stream).toString());
    }
    return pipes;
  }
}
