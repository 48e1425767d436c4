package dev.hearth.build.wheel;

import dev.hearth.build.index.Downloads;
import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.pack.Content;
import dev.hearth.build.project.DistributionName;
import dev.hearth.build.python.WheelName;
import dev.hearth.build.python.WheelTags;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipFile;

/**
 * Installs plain wheels without uv (docs/adr/0020). A plain wheel has no scripts and no data for
 * other folders, so it is downloaded from the address in the lock and unpacked. Every other wheel,
 * and every failure, is left to uv.
 */
public final class PlainWheels {

  /** Largest packed and unpacked size of a wheel that is unpacked in memory, in bytes. */
  private static final long LARGEST = 32L << 20;

  /** Longest wait for a memory permit; then uv installs the wheel. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Downloads downloads;
  private final Optional<String> index;
  private final Semaphore held;
  private final Semaphore fetched = new Semaphore(16);
  private volatile boolean isReachable = true;

  /**
   * Prepares for one build.
   *
   * @param index the index whose files are downloaded; nothing if only uv can reach indexes
   * @param held one permit for each wheel that all builds together may hold in memory
   */
  public PlainWheels(Downloads downloads, Optional<String> index, Semaphore held) {
    this.downloads = downloads;
    this.index = index;
    this.held = held;
  }

  /**
   * Returns the wheel that uv would choose for a release, if the lock determines it.
   *
   * @param tags wheel tags of the Python that installs it
   */
  public static Optional<Lock.RemoteFile> find(Requirement requirement, Lock lock, WheelTags tags) {
    var locked = lock.release(requirement).filter(_ -> requirement.marker().isEmpty());
    Predicate<WheelName> usable = tags::areCertainOf;
    Predicate<WheelName> perhaps = tags::mayInclude;
    return locked
        .map(release -> release.named(perhaps.or(usable)))
        .filter(choice -> choice.size() == 1)
        .map(List::getFirst)
        .filter(wheel -> WheelName.parse(wheel.name()).filter(usable).isPresent())
        .filter(requirement::allows);
  }

  /** Returns true if a release may be installed without uv. */
  public boolean canFetch(Requirement requirement, Lock lock, WheelTags tags) {
    return lock.release(requirement).map(Lock.Locked::index).equals(index)
        && find(requirement, lock, tags)
            .filter(file -> !file.url().isEmpty() && file.size() <= LARGEST)
            .isPresent();
  }

  /**
   * Downloads a release's wheel and passes its files to a reader.
   *
   * @param scratch an empty folder
   * @return the reader's result, or nothing if uv has to install the wheel
   */
  public <T> Optional<T> read(
      Requirement requirement, Lock lock, WheelTags tags, Path scratch, WheelReader<T> reader)
      throws IOException {
    var file = find(requirement, lock, tags).orElseThrow();
    var wheel = scratch.resolve("fetched.whl");
    try {
      return fetch(file, wheel) && isZip(wheel, file.name())
          ? read(wheel, requirement, reader)
          : Optional.empty();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading a wheel", interrupted);
    } finally {
      Files.deleteIfExists(wheel);
    }
  }

  /**
   * Returns true if the wheel is a readable zip.
   *
   * @throws HearthException if the wheel must not be unpacked, not even by uv
   */
  private static boolean isZip(Path wheel, String name) {
    try {
      WheelArchive.check(wheel, name);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /**
   * Downloads a wheel; returns false if that failed. After the first failure a build tries no
   * further download.
   */
  private boolean fetch(Lock.RemoteFile file, Path wheel) throws IOException, InterruptedException {
    fetched.acquire();
    try {
      if (isReachable) {
        downloads.fetch(file, wheel, LARGEST);
      }
      return isReachable;
    } catch (HearthException _) {
      isReachable = false;
      return false;
    } finally {
      fetched.release();
    }
  }

  private <T> Optional<T> read(Path wheel, Requirement requirement, WheelReader<T> reader)
      throws IOException, InterruptedException {
    if (!held.tryAcquire(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      return Optional.empty();
    }
    try {
      var files = unpacked(wheel, requirement.name());
      return isPlain(files, requirement) ? read(files, reader) : Optional.empty();
    } finally {
      held.release();
    }
  }

  private static <T> Optional<T> read(SortedMap<String, Content> files, WheelReader<T> reader)
      throws IOException {
    try {
      return Optional.of(reader.read(files));
    } catch (HearthException | UncheckedIOException _) {
      // uv explains the fault better, or repairs it.
      return Optional.empty();
    }
  }

  /** Returns the files of a wheel; returns none if it is not a zip or is too large. */
  private static SortedMap<String, Content> unpacked(Path wheel, String name) {
    var files = new TreeMap<String, Content>();
    long left = LARGEST;
    try (var zip = new ZipFile(wheel.toFile())) {
      for (var entry : Collections.list(zip.entries())) {
        if (entry.isDirectory()) {
          continue;
        }
        try (var in = zip.getInputStream(entry)) {
          var bytes = in.readNBytes((int) left);
          left -= bytes.length;
          if (left <= 0) {
            return new TreeMap<>();
          }
          var checksum = new CRC32();
          checksum.update(bytes);
          if (checksum.getValue() != entry.getCrc()) {
            throw WheelArchive.damaged(name, entry.getName());
          }
          files.put(entry.getName(), Content.of(bytes, entry.getCompressedSize()));
        }
      }
      return files;
    } catch (IOException _) {
      return new TreeMap<>();
    }
  }

  private static boolean isPlain(SortedMap<String, Content> files, Requirement requirement) {
    var folders =
        files.keySet().stream()
            .filter(path -> path.contains("/"))
            .map(path -> path.substring(0, path.indexOf('/')))
            .collect(Collectors.toSet());
    var info = folders.stream().filter(name -> name.endsWith(".dist-info")).toList();
    return folders.stream().noneMatch(name -> name.endsWith(".data"))
        && info.size() == 1
        && isOf(requirement, info.getFirst())
        && files.keySet().stream().noneMatch(path -> isAlsoFolder(path, files))
        && Stream.of("METADATA", "RECORD", "WHEEL")
            .allMatch(name -> files.containsKey(info.getFirst() + "/" + name));
  }

  private static boolean isAlsoFolder(String file, SortedMap<String, Content> files) {
    var below = files.tailMap(file + "/");
    return !below.isEmpty() && below.firstKey().startsWith(file + "/");
  }

  private static boolean isOf(Requirement requirement, String info) {
    var parts = List.of(info.substring(0, info.length() - ".dist-info".length()).split("-", -1));
    return parts.size() == 2
        && DistributionName.normalized(parts.getFirst()).equals(requirement.name())
        && requirement.version().filter(parts.getLast()::equals).isPresent();
  }
}
