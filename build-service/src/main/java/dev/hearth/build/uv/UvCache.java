package dev.hearth.build.uv;

import static java.util.stream.Stream.concat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;

/**
 * uv's cache for one tenant. uv does not limit its size, so a cache that exceeds its limit is
 * deleted as a whole once no build uses it.
 */
public final class UvCache {

  private static final Logger log = LoggerFactory.getLogger(UvCache.class);

  /** Limit of the cache between builds. */
  private static final Size LARGEST = new Size(4L << 30, 200_000);

  /** Limit of what all concurrent runs of uv may add. */
  private static final Size LARGEST_CHANGE = new Size(2L << 30, 150_000);

  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);

  private final Path folder;
  private int users;
  private volatile boolean isTooLarge;
  private Instant looked = Instant.EPOCH;

  public UvCache(Path folder) {
    this.folder = folder;
  }

  /** A size in bytes and files. */
  private record Size(long bytes, long files) {
    boolean exceeds(Size limit) {
      return bytes > limit.bytes || files > limit.files;
    }

    Size plus(Size other) {
      return new Size(bytes + other.bytes, files + other.files);
    }
  }

  public Path folder() {
    return folder;
  }

  /** Registers a build that uses the cache. */
  public synchronized void open() {
    users++;
  }

  /** Unregisters a build; the last one may trigger the clean-up. */
  public void close() {
    if (!leave()) {
      return;
    }
    if (isTooLarge) {
      // The build that filled the cache waits for its deletion, because the process may end soon.
      tidy();
    } else {
      Thread.ofVirtual().name("uv-cache").start(this::tidy);
    }
  }

  /** Unregisters a build; returns true if the size must be checked now. */
  private synchronized boolean leave() {
    users--;
    var isTime = isTooLarge || looked.plus(BETWEEN_LOOKS).isBefore(Instant.now());
    if (users == 0 && isTime) {
      looked = Instant.now();
      return true;
    }
    return false;
  }

  private void tidy() {
    try {
      if (isTooLarge || size(folder, LARGEST, Instant.EPOCH).exceeds(LARGEST)) {
        discard();
      }
    } catch (IOException | UncheckedIOException failed) {
      log.atWarn()
          .addKeyValue("folder", folder)
          .addKeyValue("cause", failed.toString())
          .log("uv's cache not checked");
    }
  }

  private void discard() throws IOException {
    var discarded = folder.resolveSibling(folder.getFileName() + ".discarded-" + UUID.randomUUID());
    synchronized (this) {
      if (users > 0 || !Files.exists(folder)) {
        isTooLarge = isTooLarge || users > 0;
        return;
      }
      Files.move(folder, discarded);
      isTooLarge = false;
    }
    FileSystemUtils.deleteRecursively(discarded);
  }

  /**
   * Returns true if more was added since an instant than is allowed. The cache is then deleted
   * after the build.
   */
  boolean outgrows(Instant since) {
    try {
      var from = FileTime.from(since);
      var archives = folder.resolve("archive-v0");
      var grown = new Size(0, 0);
      for (var each : concat(newer(folder, ".tmp", from), newer(archives, "", from)).toList()) {
        grown = grown.plus(size(each, LARGEST_CHANGE, Instant.EPOCH));
      }
      // Unpacked sources have the times of their archives, so all folders of sources are examined.
      for (var each : newer(folder, "sdists-", FileTime.from(Instant.EPOCH)).toList()) {
        grown = grown.plus(size(each, LARGEST_CHANGE, since));
      }
      if (grown.exceeds(LARGEST_CHANGE)) {
        synchronized (this) {
          isTooLarge = true;
        }
        return true;
      }
      return false;
    } catch (IOException | UncheckedIOException _) {
      // uv moved a file during the count; the next check counts it.
      return false;
    }
  }

  /** Returns the folders that were created or changed since an instant. */
  private static Stream<Path> newer(Path place, String prefix, FileTime from) throws IOException {
    try (var listed = Files.list(place)) {
      return listed
          .filter(each -> each.getFileName().toString().startsWith(prefix))
          .filter(each -> isNewer(each, from))
          .toList()
          .stream();
    } catch (NoSuchFileException _) {
      return Stream.of();
    }
  }

  private static boolean isNewer(Path path, FileTime from) {
    try {
      return Files.getLastModifiedTime(path).compareTo(from) >= 0;
    } catch (IOException _) {
      return false;
    }
  }

  private static FileTime changed(Path file) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
  }

  /** Counts the files that changed since an instant, up to the limit. */
  private static Size size(Path folder, Size limit, Instant since) throws IOException {
    var from = FileTime.from(since);
    var counted = new Size[] {new Size(0, 0)};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!since.equals(Instant.EPOCH) && changed(file).compareTo(from) < 0) {
              return FileVisitResult.CONTINUE;
            }
            counted[0] = counted[0].plus(new Size(attributes.size(), 1));
            return counted[0].exceeds(limit) ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
          }
        });
    return counted[0];
  }
}
