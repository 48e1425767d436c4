package dev.hearth.executor.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/**
 * A host that was written down.
 *
 * @param pipes its standard streams
 * @param size on the disk; in memory it will be about as much
 */
public record HostImages(Path folder, List<String> pipes, DataSize size) {

  /** Behind the wall: what it had written to its folders in memory. */
  static final String FILES = "files.tar";

  private static final String PIPES = "pipes";

  /** A connection that is just being closed is in the way. */
  private static final int TRIES = 5;

  /** What lies in a folder, when it is whole. */
  static Optional<HostImages> read(Path folder) throws IOException {
    var pipes = folder.resolve(PIPES);
    return Files.exists(pipes)
        ? Optional.of(new HostImages(folder, Files.readAllLines(pipes), size(folder)))
        : Optional.empty();
  }

  /**
   * Writes down a host that answers no call; it goes on.
   *
   * @param folder does not exist yet
   * @param withFiles whether what it has written to its folders is to be kept
   * @throws IOException when it cannot be written down, because a connection is open most likely
   */
  static HostImages take(Criu criu, HostProcess host, Path folder, boolean withFiles)
      throws IOException, InterruptedException {
    var messages = folder.resolveSibling(folder.getFileName() + ".log");
    Files.deleteIfExists(messages);
    for (var tried = 1; ; tried++) {
      FileSystemUtils.deleteRecursively(folder);
      Files.createDirectories(folder);
      try {
        host.rest();
        var process =
            host.inner().orElseThrow(() -> new IOException("the process has ended")).pid();
        if (withFiles) {
          criu.pack(process, folder.resolve(FILES));
        }
        var pipes = criu.dump(process, folder, messages);
        // The last file: without it the snapshot is none.
        Files.write(folder.resolve(PIPES), pipes);
        Files.deleteIfExists(messages);
        return new HostImages(folder, pipes, size(folder));
      } catch (IOException failed) {
        if (tried == TRIES || !host.isAlive()) {
          FileSystemUtils.deleteRecursively(folder);
          throw failed;
        }
      }
    }
  }

  boolean hasFiles() {
    return Files.exists(folder.resolve(FILES));
  }

  private static DataSize size(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return DataSize.ofBytes(files.mapToLong(file -> file.toFile().length()).sum());
    }
  }

  void delete() throws IOException {
    FileSystemUtils.deleteRecursively(folder);
  }
}
