package dev.hearth.executor.snapshot;

import dev.hearth.executor.sandbox.Criu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import org.springframework.util.unit.DataSize;

/**
 * A host's snapshot on the disk.
 *
 * @param pipes the standard streams of the host, which a restore replaces
 * @param size bytes on the disk; a restored host needs about as much memory
 */
public record HostImages(Path folder, List<String> pipes, DataSize size) {

  /** Name of the file that is written last; without it the snapshot is incomplete. */
  private static final String PIPES = "pipes";

  /** Most attempts at one checkpoint, which fails while a connection is being closed. */
  private static final int TRIES = 5;

  /** Returns the snapshot in a folder, if there is a complete one. */
  static Optional<HostImages> read(Path folder) throws IOException {
    var pipes = folder.resolve(PIPES);
    return Files.exists(pipes)
        ? Optional.of(new HostImages(folder, Files.readAllLines(pipes), size(folder)))
        : Optional.empty();
  }

  /**
   * Takes a snapshot of a host that runs no call; the host keeps running.
   *
   * @param folder the new folder of the snapshot
   * @param withFiles true to keep the files in the host's in-memory folders
   * @throws IOException if the checkpoint fails, most likely because a connection is open
   */
  static HostImages take(Criu criu, Checkpointable host, Path folder, boolean withFiles)
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
          criu.pack(process, folder.resolve(Criu.FILES));
        }
        var pipes = criu.dump(process, folder, messages);
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

  /** Returns true if the snapshot holds the files of the in-memory folders. */
  public boolean hasFiles() {
    return Files.exists(folder.resolve(Criu.FILES));
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
