package dev.hearth.executor.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What processes hold in memory that is theirs alone: {@code RssAnon} (see {@code man 5 proc}), and
 * files that are in memory.
 */
final class ResidentMemory {

  private static final String FIELD = "RssAnon:";

  private ResidentMemory() {}

  /** Bytes of a process and all that it started; nothing of those that have ended. */
  static long of(ProcessHandle process) {
    return Stream.concat(Stream.of(process), process.descendants())
        .mapToLong(each -> one(Path.of("/proc", Long.toString(each.pid()), "status")))
        .sum();
  }

  /**
   * Bytes in folders of which each is a file system in memory, as a process sees them; 0 where we
   * may not look.
   */
  static long ofFiles(ProcessHandle process, List<Path> folders) {
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
