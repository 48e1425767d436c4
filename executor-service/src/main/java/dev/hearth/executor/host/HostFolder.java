package dev.hearth.executor.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * One host's folders. Behind a wall it knows them by names that are the same for all hosts, so that
 * one can take another one's place; see {@link #inside}.
 *
 * @param run where it listens; the host writes here
 * @param files what it is shown: artifacts by digest
 * @param temporary what its instances write
 * @param isWalled whether the host knows them by other names
 */
public record HostFolder(Path root, Path run, Path files, Path temporary, boolean isWalled) {

  private static final Logger log = LoggerFactory.getLogger(HostFolder.class);

  /** A user that runs nothing of ours. */
  private static final int NOBODY_OF_OURS = 1;

  /** A UNIX socket's path may have about 100 bytes. */
  private static final int LONGEST_SOCKET = 100;

  private static final Path INSIDE = Path.of("/host");

  /** Of the host's own libraries; native code can find it. */
  static final Path TEMPORARY = Path.of("/tmp");

  /** Makes the folders, empty. */
  static HostFolder make(Path root, boolean isWalled) throws IOException {
    delete(root);
    var run = root.resolve("run");
    if (socket(run).toString().length() > LONGEST_SOCKET) {
      run = Files.createTempDirectory("hearth");
    }
    Files.createDirectories(run);
    open(run);
    return new HostFolder(
        root,
        run,
        Files.createDirectories(root.resolve("files")),
        Files.createDirectories(root.resolve("tmp")),
        isWalled);
  }

  /** The name that the host knows one of its folders by, or something in it. */
  public Path inside(Path outside) {
    if (!isWalled) {
      return outside;
    }
    return outside.startsWith(run)
        ? INSIDE.resolve("run").resolve(run.relativize(outside))
        : INSIDE.resolve(root.relativize(outside));
  }

  /** What is in memory, by the host's names. */
  List<Path> inMemory() {
    return isWalled ? List.of(TEMPORARY, inside(temporary)) : List.of();
  }

  /**
   * Where we are root, so is a host outside a wall with a user namespace, and it could give itself
   * back the rights to a folder of its own. So that one is somebody else's.
   */
  private static void open(Path run) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.setAttribute(run, "unix:uid", NOBODY_OF_OURS);
    }
  }

  /** The host listens: from now on it writes nothing here, for this is the machine's disk. */
  void seal() throws IOException {
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("r-xr-xr-x"));
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

  /** Deletes a folder, sealed ones in it too. */
  static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path sealed, BasicFileAttributes attributes)
              throws IOException {
            if (!Files.isWritable(sealed)) {
              Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    FileSystemUtils.deleteRecursively(folder);
  }

  void remove() {
    try {
      delete(run);
      delete(root);
    } catch (IOException | UncheckedIOException left) {
      log.atWarn()
          .addKeyValue("folder", root)
          .addKeyValue("cause", left.toString())
          .log("folder not removed");
    }
  }
}
