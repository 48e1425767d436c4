package dev.hearth.executor.host;

import dev.hearth.kit.sandbox.Bubblewrap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
 */
record Criu(Path executable) {

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
      "cd / && /usr/bin/find tmp host/tmp -mindepth 1 -print0"
          + " | /bin/tar --null --no-recursion -T - -Scf -";

  /** No archive has more than 512 MiB, whatever sizes its files claim to have. */
  private static final String LIMITED = "ulimit -f 1048576; exec \"$@\"";

  private static final int STREAMS = 3;

  /** The one that is set, where it can be used: by root. */
  static Optional<Criu> find(@Nullable String executable) {
    if (executable == null || executable.isEmpty()) {
      return Optional.empty();
    }
    var found = new Criu(Path.of(executable).toAbsolutePath());
    var isRoot = System.getProperty("user.name").equals("root");
    var version = found.version();
    if (isRoot && !version.isEmpty()) {
      return Optional.of(found);
    }
    log.atWarn()
        .addKeyValue("criu", executable)
        .addKeyValue("root", isRoot)
        .log("no snapshots of hosts: CRIU has to run, by root");
    return Optional.empty();
  }

  /** What a wall has to give for {@link #restore}. */
  static List<String> capabilities() {
    var all = new ArrayList<>(TO_RESTORE);
    all.addAll(TO_CHANGE);
    return all;
  }

  /** The folder to show for the executable to run. */
  Path home() {
    return executable.resolve("..").normalize();
  }

  /** What it says of its version. */
  String version() {
    try {
      var process = new ProcessBuilder(executable.toString(), "--version").start();
      process.getOutputStream().close();
      var said = new String(process.getInputStream().readAllBytes()).strip();
      return said.lines().findFirst().map(line -> line.replace("Version: ", "")).orElse("");
    } catch (IOException failed) {
      return "";
    }
  }

  /**
   * Writes down the process behind a wall, which goes on; blocks until that is done.
   *
   * @param wall the process that was started
   * @param images an empty folder
   * @param output where what goes wrong is said
   * @return what {@link #restore} needs to know of the process
   * @throws IOException when it cannot be written down now, or never
   */
  List<String> dump(ProcessHandle wall, Path images, Path output)
      throws IOException, InterruptedException {
    var process = inner(wall);
    var pipes = pipes(process);
    var command = new ArrayList<>(List.of("/bin/sh", "-c", "exec 9<\"$0\"; exec \"$@\""));
    command.add(images.toString());
    command.addAll(behind(process));
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
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())));
    return pipes;
  }

  /**
   * Packs what the process has written to its folders in memory.
   *
   * @param wall the process that was started
   * @throws IOException when that is too much, or is being changed
   */
  void files(ProcessHandle wall, Path archive) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/bin/sh", "-c", LIMITED, "sh"));
    command.addAll(behind(inner(wall)));
    command.addAll(Bubblewrap.asNobody("--bounding-set=-all"));
    command.addAll(List.of("/bin/sh", "-c", PACK));
    run(new ProcessBuilder(command).redirectOutput(archive.toFile()));
  }

  /** The command before {@link #restore} that unpacks them. */
  static List<String> unpackFiles() {
    var unpack = String.join(" ", Bubblewrap.asNobody("--bounding-set=-all"));
    unpack += " /bin/tar -C / -xf " + IMAGES + "/" + HostImages.FILES;
    return List.of("/bin/sh", "-c", unpack + " && exec \"$@\"", "sh");
  }

  private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    var process = builder.start();
    process.getOutputStream().close();
    if (process.waitFor() != 0) {
      throw new IOException(builder.command().getLast() + " ended with " + process.exitValue());
    }
  }

  /** The command before one that is to run where a process is. */
  private static List<String> behind(long process) {
    return List.of("nsenter", "-t", Long.toString(process), "-m", "-p", "-n", "-i", "-u", "-C");
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

  /** bubblewrap waits outside and inside; the process is the child of the one inside. */
  private static long inner(ProcessHandle wall) throws IOException {
    return wall.children()
        .findFirst()
        .flatMap(init -> init.children().findFirst())
        .orElseThrow(() -> new IOException("the process has ended"))
        .pid();
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
