package dev.hearth.build.uv;

import dev.hearth.build.pack.Content;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/**
 * Takes wheels from where the lock says that they are, without uv (docs/adr/0020): a wheel that has
 * no scripts and no data to be put elsewhere is installed by unpacking it. Everything else, and
 * whatever goes wrong, is left to uv.
 */
final class PlainWheels {

  /** Of machines with glibc 2.28 and later. */
  private static final String PLATFORM =
      "([a-z0-9_]+\\.)*manylinux(1|2010|2014|_2_(5|12|17|24|26|27|28))_x86_64(\\.[a-z0-9_]+)*";

  private static final Pattern OURS =
      Pattern.compile(
          ".*-((py2\\.)?py3-none-any|graalpy312-graalpy250_312_native-" + PLATFORM + ")\\.whl");

  private static final Pattern CPYTHONS =
      Pattern.compile(".*-(cp312-cp312|cp3(\\d|1[0-2])-abi3)-" + PLATFORM + "\\.whl");

  /** What a wheel may have at most, packed and unpacked, to be held in memory; in bytes. */
  private static final long LARGEST = 32L << 20;

  private static final int MOST_FILES = 20_000;

  /** So many wheels are held in memory at a time, of all builds. */
  private static final Semaphore HELD = new Semaphore(4);

  private final Downloads downloads;
  private final Optional<String> index;

  /** Makes something of a wheel's files. */
  public interface WheelReader<T> {
    /** Reads them; they are not to be kept. */
    T read(SortedMap<String, Content> files) throws IOException;
  }

  /**
   * Prepares.
   *
   * @param index the one whose files are fetched; none where uv alone knows the way out
   */
  PlainWheels(Downloads downloads, Optional<String> index) {
    this.downloads = downloads;
    this.index = index;
  }

  /**
   * The wheel of a release that uv would take, where that is plain from the lock.
   *
   * @param isForeign whether CPython's wheels are meant
   */
  static Optional<Lock.RemoteFile> find(Requirement requirement, Lock lock, boolean isForeign) {
    var usable = (isForeign ? CPYTHONS : OURS).asMatchPredicate();
    var wheels =
        lock.release(requirement).stream()
            .filter(_ -> requirement.marker().isEmpty())
            .flatMap(locked -> locked.wheels().stream())
            .filter(wheel -> usable.test(wheel.name()))
            .toList();
    return wheels.size() == 1 && !wheels.getFirst().sha256().isEmpty()
        ? Optional.of(wheels.getFirst())
        : Optional.empty();
  }

  /** Whether it is worth trying. */
  boolean canFetch(Requirement requirement, Lock lock, boolean isForeign) {
    return lock.release(requirement).map(Lock.Locked::index).equals(index)
        && find(requirement, lock, isForeign)
            .filter(file -> !file.url().isEmpty() && file.size() <= LARGEST)
            .isPresent();
  }

  /**
   * Fetches a release's wheel and hands over what is in it.
   *
   * @param scratch an empty folder
   * @return nothing when the wheel is left to uv
   */
  <T> Optional<T> read(
      Requirement requirement, Lock lock, boolean isForeign, Path scratch, WheelReader<T> reader)
      throws IOException {
    var wheel = scratch.resolve("fetched.whl");
    try {
      downloads.fetch(find(requirement, lock, isForeign).orElseThrow(), wheel);
    } catch (HearthException _) {
      // uv says better what is wrong, or knows another way.
      return Optional.empty();
    }
    HELD.acquireUninterruptibly();
    try {
      var files = unpacked(wheel);
      return isPlain(files, requirement) ? Optional.of(reader.read(files)) : Optional.empty();
    } finally {
      HELD.release();
    }
  }

  /** The files of a wheel; none when it is no zip, or too large. */
  private static SortedMap<String, Content> unpacked(Path wheel) throws IOException {
    var files = new TreeMap<String, Content>();
    if (Files.size(wheel) > LARGEST) {
      return files;
    }
    long left = LARGEST;
    try (var zip = new ZipFile(wheel.toFile())) {
      if (zip.size() > MOST_FILES) {
        return files;
      }
      for (var entry : Collections.list(zip.entries())) {
        if (entry.isDirectory()) {
          continue;
        }
        try (var in = zip.getInputStream(entry)) {
          var bytes = in.readNBytes((int) left);
          left -= bytes.length;
          var before = files.put(entry.getName(), Content.of(bytes, entry.getCompressedSize()));
          if (left <= 0 || before != null || !isPath(entry.getName())) {
            return new TreeMap<>();
          }
        }
      }
      return files;
    } catch (IOException _) {
      return new TreeMap<>();
    }
  }

  private static boolean isPath(String name) {
    return name.indexOf('\0') < 0
        && name.indexOf('\\') < 0
        && Stream.of(name.split("/", -1))
            .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
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
    var parts = List.of(info.substring(0, info.length() - ".dist-info".length()).split("-"));
    return parts.size() == 2
        && Requirement.normalized(parts.getFirst()).equals(requirement.name())
        && requirement.version().filter(parts.getLast()::equals).isPresent();
  }
}
