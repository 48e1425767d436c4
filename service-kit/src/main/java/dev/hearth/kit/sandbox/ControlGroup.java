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
 * Limits over all processes of one command, by control groups of version 1 or 2, whichever this
 * process may make. Where it may make none there are no folders and no such limits.
 */
public final class ControlGroup implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** Of groups that are named after the process that made them. */
  private static final Pattern MAKER = Pattern.compile("hearth-(\\d{1,10})-.*");

  /** A younger one may be about to be entered, out of our sight. */
  private static final Duration OLD = Duration.ofMinutes(1);

  private static final int TRIES = 100;
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final String name;
  private final List<Path> folders;

  private ControlGroup(String name, List<Path> folders) {
    this.name = name;
    this.folders = new CopyOnWriteArrayList<>(folders);
  }

  /** No limits. */
  public static ControlGroup none() {
    return new ControlGroup("", List.of());
  }

  /** Makes groups with limits, as far as that is allowed here. */
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
      // Not ours to make; the other limits hold.
      deleteQuietly(folder);
    }
  }

  /** Shell commands by which a process enters; empty when there is nothing to enter. */
  public String enter() {
    return folders.stream()
        .map(folder -> "{ echo $$ > " + folder.resolve("cgroup.procs") + "; } 2>/dev/null; ")
        .collect(Collectors.joining());
  }

  /**
   * Has a process that is in it, and all that it started, get little of the processor while others
   * want it.
   *
   * @return whether that can be done here
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
      // Groups of other controllers are other folders, so this one holds nobody else back.
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

  /** Whether a limit of memory was met. */
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

  /** Its processes have ended, or will in a moment, and the folders go with the last one. */
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

  /** Deletes the empty groups of processes that are not here any more. */
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
        // No such controller here.
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
      // An empty control group costs nothing.
    }
  }
}
