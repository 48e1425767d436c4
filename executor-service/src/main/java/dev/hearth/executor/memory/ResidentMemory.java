package dev.hearth.executor.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Measures memory that processes do not share with others: {@code RssAnon} (see {@code man 5
 * proc}), and files on in-memory file systems.
 */
public final class ResidentMemory {

  private static final String FIELD = "RssAnon:";

  private ResidentMemory() {}

  /** Returns the bytes of a process and its descendants; 0 for those that have ended. */
  public static long of(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToLong(each -> one(Path.of("/proc", Long.toString(each.pid()), "status")))
        .sum();
  }

  /**
   * Returns the bytes of files on a process's in-memory file systems; 0 for those that this service
   * may not read.
   */
  public static long ofFiles(ProcessHandle process, List<Path> folders) {
    var root = Path.of("/proc", Long.toString(process.pid()), "root");
    return folders.stream()
        .map(folder -> root.resolve(Path.of("/").relativize(folder)).toFile())
        .mapToLong(folder -> folder.getTotalSpace() - folder.getFreeSpace())
        .sum();
  }

  private static long one(Path status) {
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(FIELD))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | UncheckedIOException _) {
      return 0;
    }
  }
}
