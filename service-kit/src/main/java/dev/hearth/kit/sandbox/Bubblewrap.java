package dev.hearth.kit.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A command line that runs another one behind bubblewrap: in namespaces of its own, without any
 * network, as nobody, without capabilities, with the files alone that it is shown, ending with us.
 *
 * <p>Who is nobody there is we ourselves outside, in a user namespace. Where we are root there is
 * another way, {@link #ofRoot}: nobody outside as well, and no user namespace.
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
   * Settings of the whole machine. Their owner may write them even without capabilities, and where
   * we run as root, nobody in the sandbox is root outside.
   */
  private static final List<String> KERNEL_SETTINGS =
      List.of("sys", "fs", "irq", "bus", "sysrq-trigger", "mtrr");

  /** What tells of the machine or of other tenants, and is of no use. */
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
   * Begins with the system's programs and libraries, a process table and a few devices.
   *
   * @param executable bubblewrap, on PATH or with its path
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

  private Bubblewrap(String executable, String hostname, List<String> namespaces) {
    this.isOfRoot = !namespaces.contains("--unshare-user");
    arguments.add(executable);
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
   * As the constructor, for who is root and may stay it for a moment: without a user namespace. The
   * command begins with capabilities and is to give them up, see {@link #asNobody}.
   *
   * @param capabilities those that it begins with, as {@code man 7 capabilities} names them
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

  /** The beginning of a command that gives up being root, and every capability with it. */
  public static List<String> asNobody(String... options) {
    var command =
        new ArrayList<>(List.of("/usr/bin/setpriv", "--reuid", NOBODY, "--regid", NOBODY));
    command.add("--clear-groups");
    command.addAll(List.of(options));
    return command;
  }

  /** Whether it can be used on this machine: in containers some of it may be forbidden. */
  public static boolean works(String executable) {
    return works(new Bubblewrap(executable, "trial"), List.of());
  }

  /** Whether the beginning of a command works behind this. */
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

  /** Shows a file or folder, to be read only, under its own name. */
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

  /** What bubblewrap makes by itself on the way to a path only its owner may pass. */
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

  /** Shows what a path leads to, where that is anything, under the path's own name. */
  public Bubblewrap showReal(Path path) {
    try {
      return Files.exists(path) ? showAs(path.toRealPath(), path.toString()) : this;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Shows a file or folder, to be read only, under another name. */
  public Bubblewrap showAs(Path path, String inside) {
    passable(Path.of(inside));
    return add("--ro-bind", path.toString(), inside);
  }

  /** Lends a folder, to be written to as well, under its own name. */
  public Bubblewrap lend(Path path) {
    return lendAs(path, path.toString());
  }

  /** Lends a folder, to be written to as well, under another name. */
  public Bubblewrap lendAs(Path path, String inside) {
    passable(Path.of(inside));
    return add("--bind", path.toString(), inside);
  }

  /** Makes an empty folder in memory, for everybody there. */
  public Bubblewrap memory(String inside, long bytes) {
    passable(Path.of(inside));
    return add("--perms", "1777", "--size", String.valueOf(bytes), "--tmpfs", inside);
  }

  /** Shares our network, loopback too. */
  public Bubblewrap network() {
    return add("--share-net");
  }

  /** Has the command be the first process, without one that waits for it. */
  public Bubblewrap first() {
    return add("--as-pid-1");
  }

  /** Sets a variable; there are no others. */
  public Bubblewrap environment(String name, String value) {
    return add("--setenv", name, value);
  }

  /** The whole, with what is run in a folder. */
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
