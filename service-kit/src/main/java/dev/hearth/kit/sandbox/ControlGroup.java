package dev.hearth.kit.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Limits over all processes of one command, by control groups of version 1 or 2, whichever this
 * process may make. Where it may make none there are no folders and no such limits.
 */
public final class ControlGroup implements AutoCloseable {

  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  /** A quarter of what others have, in the units of version 1 and of version 2. */
  private static final Map<String, String> BEHIND = Map.of("cpu.shares", "256", "cpu.weight", "25");

  private final List<Path> folders;

  private ControlGroup(List<Path> folders) {
    this.folders = folders;
  }

  /** No limits. */
  public static ControlGroup none() {
    return new ControlGroup(List.of());
  }

  /** Makes groups with limits, as far as that is allowed here. */
  public static ControlGroup make(String name, long memoryBytes, int processes) {
    var folders = new ArrayList<Path>();
    if (Files.exists(ROOT.resolve("cgroup.controllers"))) {
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
      limit(folders, ROOT.resolve("cpu").resolve(name), List.of(), memoryBytes, processes);
    }
    return new ControlGroup(folders);
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

  /** Has its processes get little of the processor while others want it. */
  public void stepBehind() {
    for (var folder : folders) {
      BEHIND.forEach((file, value) -> {
        try {
          Files.writeString(folder.resolve(file), value, StandardOpenOption.WRITE);
        } catch (IOException _) {
          // Another controller's folder, or not ours to change.
        }
      });
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

  /** All processes have ended by now; a folder that is still busy stays. */
  @Override
  public void close() {
    folders.forEach(ControlGroup::deleteQuietly);
  }

  private static void deleteQuietly(Path folder) {
    try {
      Files.deleteIfExists(folder);
    } catch (IOException _) {
      // An empty control group costs nothing.
    }
  }
}
