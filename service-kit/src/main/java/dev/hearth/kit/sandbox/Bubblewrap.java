package dev.hearth.kit.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A command line that runs another one behind bubblewrap: in namespaces of its own, without any
 * network, as nobody, without capabilities, with the files alone that it is shown, ending with us.
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

  private final List<String> arguments = new ArrayList<>();

  /**
   * Begins with the system's programs and libraries, a process table and a few devices.
   *
   * @param executable bubblewrap, on PATH or with its path
   */
  public Bubblewrap(String executable, String hostname) {
    arguments.add(executable);
    arguments.addAll(
        List.of(
            "--unshare-all",
            "--unshare-user",
            "--disable-userns",
            "--uid",
            "65534",
            "--gid",
            "65534",
            "--die-with-parent",
            "--new-session",
            "--cap-drop",
            "ALL",
            "--hostname",
            hostname));
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

  /** Whether it can be used on this machine: in containers some of it may be forbidden. */
  public static boolean works(String executable) {
    try {
      var trial = new Bubblewrap(executable, "trial").command("/", List.of("true"));
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
      add("--ro-bind-try", path.toString(), path.toString());
    }
    return this;
  }

  private void hide(Path path) {
    if (Files.isDirectory(path)) {
      add("--tmpfs", path.toString());
    } else {
      add("--ro-bind", "/dev/null", path.toString());
    }
  }

  /** Shows a file or folder, to be read only, under another name. */
  public Bubblewrap showAs(Path path, String inside) {
    return add("--ro-bind", path.toString(), inside);
  }

  /** Lends a folder, to be written to as well, under its own name. */
  public Bubblewrap lend(Path path) {
    return add("--bind", path.toString(), path.toString());
  }

  /** Makes an empty folder in memory. */
  public Bubblewrap memory(String inside, long bytes) {
    return add("--size", String.valueOf(bytes), "--tmpfs", inside);
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
