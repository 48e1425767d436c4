package dev.hearth.kit.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Builds the command line that runs a command in a bubblewrap sandbox: in its own namespaces,
 * without network, as user nobody, without capabilities, and with only the files that are bound
 * into it. The sandbox ends with this process.
 *
 * <p>In a user namespace, nobody inside is this process's own user outside. If this process runs as
 * root, {@link #ofRoot} uses no user namespace, so that nobody inside is also nobody outside.
 */
public final class Bubblewrap {

  private static final List<Path> SYSTEM =
      List.of(
          Path.of("/usr"),
          Path.of("/lib"),
          Path.of("/lib64"),
          Path.of("/bin"),
          Path.of("/etc/alternatives"));

  /**
   * Files in {@code /proc} with settings of the whole machine. They are hidden, because their owner
   * may write them even without capabilities: if this process is root, nobody inside is root
   * outside.
   */
  private static final List<String> KERNEL_SETTINGS =
      List.of("sys", "fs", "irq", "bus", "sysrq-trigger", "mtrr");

  /** Files in {@code /proc} that describe the machine or other tenants; they are hidden. */
  private static final List<String> KERNEL_SECRETS =
      List.of(
          "acpi",
          "asound",
          "kcore",
          "keys",
          "key-users",
          "kmsg",
          "kallsyms",
          "latency_stats",
          "sched_debug",
          "scsi",
          "timer_list");

  private static final String NOBODY = "65534";

  private final List<String> arguments = new ArrayList<>();
  private final Set<Path> parents = new HashSet<>();
  private final boolean isOfRoot;

  /**
   * Creates a sandbox with the system's programs and libraries, {@code /proc} and a minimal {@code
   * /dev}.
   *
   * @param executable name of bubblewrap on PATH, or its path
   */
  public Bubblewrap(String executable, String hostname) {
    this(
        executable,
        hostname,
        List.of(
            "--unshare-all",
            "--unshare-user",
            "--disable-userns",
            "--uid",
            NOBODY,
            "--gid",
            NOBODY,
            "--cap-drop",
            "ALL"));
  }

  /** Resolves a name on PATH now, because the command may run with an empty environment. */
  private static String located(String executable) {
    var folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    return Arrays.stream(folders)
        .filter(folder -> !folder.isEmpty() && !executable.contains(File.separator))
        .map(folder -> Path.of(folder, executable))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString)
        .orElse(executable);
  }

  private Bubblewrap(String executable, String hostname, List<String> namespaces) {
    this.isOfRoot = !namespaces.contains("--unshare-user");
    arguments.add(located(executable));
    arguments.addAll(namespaces);
    add("--die-with-parent", "--new-session", "--hostname", hostname);
    SYSTEM.forEach(this::show);
    add("--proc", "/proc", "--dev", "/dev");
    KERNEL_SETTINGS.stream()
        .map(name -> Path.of("/proc", name))
        .filter(Files::exists)
        .forEach(this::show);
    KERNEL_SECRETS.stream()
        .map(name -> Path.of("/proc", name))
        .filter(Files::exists)
        .forEach(this::hide);
  }

  /**
   * Creates a sandbox without a user namespace, for a process that runs as root. The command starts
   * as root with capabilities and must drop them, see {@link #asNobody}.
   *
   * @param capabilities capabilities that the command starts with, named as in {@code man 7
   *     capabilities}
   */
  public static Bubblewrap ofRoot(String executable, String hostname, List<String> capabilities) {
    var namespaces = new ArrayList<String>();
    for (var namespace : List.of("ipc", "pid", "net", "uts", "cgroup")) {
      namespaces.add("--unshare-" + namespace);
    }
    namespaces.addAll(List.of("--cap-drop", "ALL"));
    for (var capability : capabilities) {
      namespaces.addAll(List.of("--cap-add", "CAP_" + capability));
    }
    return new Bubblewrap(executable, hostname, namespaces);
  }

  /** Returns the prefix of a command that drops root and all capabilities. */
  public static List<String> asNobody(String... options) {
    var command =
        new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY));
    command.add("--clear-groups");
    command.addAll(List.of(options));
    return command;
  }

  /** Returns true if the sandbox works on this machine; containers may forbid parts of it. */
  public static boolean works(String executable) {
    return works(new Bubblewrap(executable, "trial"), List.of());
  }

  /** Returns true if a command with this prefix works in the sandbox. */
  public static boolean works(Bubblewrap sandbox, List<String> beginning) {
    var whole = new ArrayList<>(beginning);
    whole.add("/bin/true");
    try {
      var trial = sandbox.command("/", whole);
      var process = new ProcessBuilder(trial).redirectErrorStream(true).start();
      process.getOutputStream().close();
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      return process.waitFor() == 0;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** Binds a file or folder read-only to its own path. */
  public Bubblewrap show(Path path) {
    if (Files.isSymbolicLink(path)) {
      try {
        add("--symlink", Files.readSymbolicLink(path).toString(), path.toString());
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    } else {
      passable(path);
      add("--ro-bind-try", path.toString(), path.toString());
    }
    return this;
  }

  /**
   * Creates the parent folders of a path, because those that bubblewrap creates are accessible to
   * their owner only.
   */
  private void passable(Path path) {
    if (!isOfRoot) {
      return;
    }
    var parent = path.getParent();
    if (parent != null && parent.getParent() != null && parents.add(parent)) {
      passable(parent);
      add("--perms", "0755", "--dir", parent.toString());
    }
  }

  private void hide(Path path) {
    if (Files.isDirectory(path)) {
      add("--tmpfs", path.toString());
    } else {
      add("--ro-bind", "/dev/null", path.toString());
    }
  }

  /** Binds the file that a symbolic link points to read-only to the link's path, if it exists. */
  public Bubblewrap showReal(Path path) {
    try {
      return Files.exists(path) ? showAs(path.toRealPath(), path.toString()) : this;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Binds a file or folder read-only to another path. */
  public Bubblewrap showAs(Path path, String inside) {
    passable(Path.of(inside));
    return add("--ro-bind", path.toString(), inside);
  }

  /** Binds a folder writable to its own path. */
  public Bubblewrap lend(Path path) {
    return lendAs(path, path.toString());
  }

  /** Binds a folder writable to another path. */
  public Bubblewrap lendAs(Path path, String inside) {
    passable(Path.of(inside));
    return add("--bind", path.toString(), inside);
  }

  /** Mounts an empty, world-writable folder in memory. */
  public Bubblewrap memory(String inside, long bytes) {
    passable(Path.of(inside));
    return add("--perms", "1777", "--size", String.valueOf(bytes), "--tmpfs", inside);
  }

  /** Shares the network of this process, including loopback. */
  public Bubblewrap network() {
    return add("--share-net");
  }

  /** Runs the command as process 1, without bubblewrap's init process. */
  public Bubblewrap first() {
    return add("--as-pid-1");
  }

  /** Sets an environment variable; none is inherited. */
  public Bubblewrap environment(String name, String value) {
    return add("--setenv", name, value);
  }

  /** Returns the complete command line for a command and its working folder. */
  public List<String> command(String folder, List<String> inner) {
    var whole = new ArrayList<>(arguments);
    whole.addAll(List.of("--chdir", folder));
    whole.addAll(inner);
    return whole;
  }

  private Bubblewrap add(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }
}
