package dev.hearth.kit.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Limits all processes of one command together, by control groups of version 1 or 2. If this
 * process may not create control groups, there are no limits.
 */
public final class ControlGroup implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** Names of groups, which contain the id of the process that created them. */
  private static final Pattern MAKER = Pattern.compile("hearth-(\\d{1,10})-.*");

  /** Age below which an empty group is not deleted, because a process may be about to enter it. */
  private static final Duration OLD = Duration.ofMinutes(1);

  private static final int TRIES = 100;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final String name;
  private final List<Path> folders;

  private ControlGroup(String name, List<Path> folders) {
    this.name = name;
    this.folders = new CopyOnWriteArrayList<>(folders);
  }

  /** Returns a group without limits. */
  public static ControlGroup none() {
    return new ControlGroup("", List.of());
  }

  /** Creates groups with limits, as far as this process may. */
  public static ControlGroup make(String name, long memoryBytes, int processes) {
    var folders = new ArrayList<Path>();
    if (isVersion2()) {
      limit(folders, ROOT.resolve(name), List.of("memory.max", "pids.max"), memoryBytes, processes);
    } else {
      limit(
          folders,
          ROOT.resolve("memory").resolve(name),
          List.of("memory.limit_in_bytes"),
          memoryBytes,
          processes);
      limit(
          folders, ROOT.resolve("pids").resolve(name), List.of("pids.max"), memoryBytes, processes);
    }
    return new ControlGroup(name, folders);
  }

  private static boolean isVersion2() {
    return Files.exists(ROOT.resolve("cgroup.controllers"));
  }

  private static void limit(
      List<Path> made, Path folder, List<String> files, long memoryBytes, int processes) {
    try {
      Files.createDirectory(folder);
      for (var file : files) {
        var value = file.startsWith("pids") ? processes : memoryBytes;
        Files.writeString(folder.resolve(file), String.valueOf(value));
      }
      made.add(folder);
    } catch (IOException _) {
      // This process may not create the group; its other limits still apply.
      deleteQuietly(folder);
    }
  }

  /** Returns the shell commands with which a process enters the groups, or an empty text. */
  public String enter() {
    return folders.stream()
        .map(folder -> "{ echo $$ > " + folder.resolve("cgroup.procs") + "; } 2>/dev/null; ")
        .collect(Collectors.joining());
  }

  /**
   * Lowers the CPU share of a process in the group and of its descendants.
   *
   * @return false if this process may not change CPU shares
   */
  public boolean stepBehind(ProcessHandle process) {
    try {
      if (isVersion2()) {
        var own = folders.stream().findFirst();
        if (own.isEmpty()) {
          return false;
        }
        var weight = own.get().resolve("cpu.weight");
        if (!Files.exists(weight)) {
          Files.writeString(
              ROOT.resolve("cgroup.subtree_control"), "+cpu", StandardOpenOption.WRITE);
        }
        Files.writeString(weight, "25", StandardOpenOption.WRITE);
        return true;
      }
      // Version 1 has a separate folder for each controller, so this affects the CPU only.
      var behind = ROOT.resolve("cpu").resolve(name);
      Files.createDirectories(behind);
      folders.add(behind);
      Files.writeString(behind.resolve("cpu.shares"), "256", StandardOpenOption.WRITE);
      for (var each : Stream.concat(Stream.of(process), process.descendants()).toList()) {
        Files.writeString(
            behind.resolve("cgroup.procs"), Long.toString(each.pid()), StandardOpenOption.WRITE);
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Returns true if the memory limit was reached. */
  public boolean ranOutOfMemory() {
    return folders.stream()
        .anyMatch(folder ->
            count(folder.resolve("memory.events"), "oom_kill ") > 0
                || count(folder.resolve("memory.oom_control"), "oom_kill ") > 0);
  }

  private static long count(Path file, String key) {
    try (var lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> Long.parseLong(line.substring(key.length()).strip()))
          .sum();
    } catch (IOException | java.io.UncheckedIOException _) {
      return 0;
    }
  }

  /** Deletes the groups as soon as their last process has ended. */
  @Override
  public void close() {
    if (isDeleted()) {
      return;
    }
    Thread.ofVirtual()
        .name("control-group")
        .start(() -> {
          try {
            for (var tried = 0; tried < TRIES && !isDeleted(); tried++) {
              TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private boolean isDeleted() {
    folders.removeIf(folder -> {
      deleteQuietly(folder);
      return !Files.exists(folder);
    });
    return folders.isEmpty();
  }

  /** Deletes empty groups whose creating process has ended. */
  public static void deleteLeft() {
    var parents =
        isVersion2()
            ? List.of(ROOT)
            : Stream.of("memory", "pids", "cpu").map(ROOT::resolve).toList();
    for (var parent : parents) {
      try (var groups = Files.newDirectoryStream(parent, "hearth-*")) {
        for (var group : groups) {
          if (isLeft(group)) {
            deleteQuietly(group);
          }
        }
      } catch (IOException _) {
        // The machine does not have the controller.
      }
    }
  }

  private static boolean isLeft(Path group) throws IOException {
    var maker = MAKER.matcher(group.getFileName().toString());
    var isOld = Files.getLastModifiedTime(group).toInstant().isBefore(Instant.now().minus(OLD));
    return isOld && maker.matches() && ProcessHandle.of(Long.parseLong(maker.group(1))).isEmpty();
  }

  private static void deleteQuietly(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // A leftover empty group costs nothing.
    }
  }
}
