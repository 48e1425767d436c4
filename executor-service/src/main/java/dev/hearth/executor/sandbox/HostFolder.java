package dev.hearth.executor.sandbox;

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
 * The folders of one host. In a sandbox they have the same names for all hosts, so that a host can
 * be restored from the snapshot of another one; see {@link #inside}.
 *
 * @param run folder of the host's socket; the host writes here until it is sealed
 * @param files artifacts by digest that the host may read
 * @param temporary folder that its instances write to
 * @param isSandboxed true if the host sees the folders under other names
 */
public record HostFolder(Path root, Path run, Path files, Path temporary, boolean isSandboxed) {

  private static final Logger log = LoggerFactory.getLogger(HostFolder.class);

  /** Id of a user that runs none of Hearth's processes. */
  private static final int NOBODY_OF_OURS = 1;

  /** Longest path of a UNIX socket, below Linux's limit of 107 bytes. */
  private static final int LONGEST_SOCKET = 100;

  private static final Path INSIDE = Path.of("/host");

  /** Temporary folder of the host's own libraries, which native code can also use. */
  static final Path TEMPORARY = Path.of("/tmp");

  /** Creates the folders, empty. */
  public static HostFolder make(Path root, boolean isSandboxed) throws IOException {
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
        isSandboxed);
  }

  /** Returns the path of one of the folders, or of a file in it, as the host sees it. */
  public Path inside(Path outside) {
    if (!isSandboxed) {
      return outside;
    }
    return outside.startsWith(run)
        ? INSIDE.resolve("run").resolve(run.relativize(outside))
        : INSIDE.resolve(root.relativize(outside));
  }

  /** Returns the paths of the in-memory folders, as the host sees them. */
  public List<Path> inMemory() {
    return isSandboxed ? List.of(TEMPORARY, inside(temporary)) : List.of();
  }

  /**
   * Gives the folder to another user if this service runs as root. A host without a user namespace
   * is then root too, and could restore its rights to a folder that it owns.
   */
  private static void open(Path run) throws IOException {
    if (System.getProperty("user.name").equals("root")) {
      Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
      Files.setAttribute(run, "unix:uid", NOBODY_OF_OURS);
    }
  }

  /** Makes the run folder, which is on the machine's disk, read-only for the host. */
  public void seal() throws IOException {
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("r-xr-xr-x"));
  }

  public Path socket() {
    return socket(run);
  }

  private static Path socket(Path run) {
    return run.resolve("socket");
  }

  /** Returns the folder that an instance may write to; the host creates it. */
  public Path temporary(String instance) {
    return temporary.resolve(instance);
  }

  /** Deletes a folder and sealed folders in it. */
  public static void delete(Path folder) throws IOException {
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

  /** Deletes the host's folders. */
  public void remove() {
    try {
      delete(run);
      delete(root);
    } catch (IOException | UncheckedIOException left) {
      log.atWarn()
          .addKeyValue("folder", root)
          .addKeyValue("cause", left.toString())
          .log("folder of a host not removed");
    }
  }
}
