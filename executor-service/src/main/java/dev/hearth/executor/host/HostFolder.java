package dev.hearth.executor.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * One host's folders, which it knows under the same names with and without a wall.
 *
 * @param run where it listens; the host writes here
 * @param files what it is shown: artifacts by digest
 * @param temporary what its instances write
 */
public record HostFolder(Path root, Path run, Path files, Path temporary) {

  private static final Logger log = LoggerFactory.getLogger(HostFolder.class);

  /** A UNIX socket's path may have about 100 bytes. */
  private static final int LONGEST_SOCKET = 100;

  /** Makes the folders, empty. */
  static HostFolder make(Path root) throws IOException {
    FileSystemUtils.deleteRecursively(root);
    var run = root.resolve("run");
    if (socket(run).toString().length() > LONGEST_SOCKET) {
      run = Files.createTempDirectory("hearth");
    }
    Files.createDirectories(run);
    return new HostFolder(
        root,
        run,
        Files.createDirectories(root.resolve("files")),
        Files.createDirectories(root.resolve("tmp")));
  }

  Path socket() {
    return socket(run);
  }

  private static Path socket(Path run) {
    return run.resolve("socket");
  }

  /** What an instance may write to; the host makes it. */
  public Path temporary(String instance) {
    return temporary.resolve(instance);
  }

  void remove() {
    try {
      FileSystemUtils.deleteRecursively(run);
      FileSystemUtils.deleteRecursively(root);
    } catch (IOException | UncheckedIOException left) {
      log.atWarn()
          .addKeyValue("folder", root)
          .addKeyValue("cause", left.toString())
          .log("folder not removed");
    }
  }
}
