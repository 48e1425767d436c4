package dev.hearth.build.source;

import dev.hearth.build.index.Downloads;
import dev.hearth.build.lock.Lock;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.HeaderLimit;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.ArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.io.IOUtils;

/** Downloads and unpacks source distributions, checked by hash and within limits. */
public final class SourceDistribution {

  private static final long LARGEST = 256L << 20;
  private static final Limits LIMITS = new Limits(1L << 30, 60_000);

  /**
   * Limits of what an archive may unpack to.
   *
   * @param bytes of all files together
   * @param entries of any kind
   */
  record Limits(long bytes, int entries) {}

  private final Downloads downloads;

  public SourceDistribution(Downloads downloads) {
    this.downloads = downloads;
  }

  /**
   * Downloads and unpacks a source distribution.
   *
   * @return the unpacked tree, below the folder
   * @throws HearthException if it cannot be downloaded or is not safe to unpack
   */
  Path fetch(Lock.RemoteFile source, Path folder) throws IOException {
    var archive = folder.resolve("source");
    downloads.fetch(source, archive, LARGEST);
    var tree = Files.createDirectory(folder.resolve("tree"));
    unpack(archive, source.name(), tree, LIMITS);
    Files.delete(archive);
    try (Stream<Path> listed = Files.list(tree)) {
      return listed.findFirst().orElseThrow(() -> unusable(source.name(), "is empty"));
    }
  }

  static void unpack(Path archive, String name, Path folder, Limits limits) throws IOException {
    var unpacking = new Unpacking(name, folder, limits);
    try {
      if (name.endsWith(".zip")) {
        unpacking.zip(archive);
      } else if (name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
        unpacking.tar(archive);
      } else {
        throw unusable(name, "is neither a .tar.gz nor a .zip");
      }
    } catch (IOException | IllegalArgumentException damaged) {
      throw unusable(name, "is damaged: " + damaged.getMessage());
    }
  }

  private static HearthException unusable(String name, String why) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "The source distribution %s %s. Use another release, and tell its author."
            .formatted(name, why));
  }

  /** Unpacks one archive; entries that are neither files nor folders are skipped. */
  private static final class Unpacking {

    private final String name;
    private final Path folder;
    private final Limits limits;
    private long unpacked;
    private int entries;

    Unpacking(String name, Path folder, Limits limits) {
      this.name = name;
      this.folder = folder;
      this.limits = limits;
    }

    void tar(Path archive) throws IOException {
      try (var in = new BufferedInputStream(Files.newInputStream(archive));
          var bytes = new HeaderLimit(new GzipCompressorInputStream(in));
          var tar = new TarArchiveInputStream(bytes)) {
        for (var entry = next(tar, bytes); entry != null; entry = next(tar, bytes)) {
          if (entry.isSparse()) {
            throw unusable(
                name,
                "contains a forbidden entry: \"%s\" is a sparse file".formatted(shown(entry)));
          }
          var type = entry.getLinkFlag();
          var isFile = type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
          add(entry, isFile, (entry.getMode() & 0100) != 0, tar);
        }
      }
    }

    /** Returns the next entry; the bytes of skipped entries count as well. */
    private TarArchiveEntry next(TarArchiveInputStream tar, HeaderLimit bytes) throws IOException {
      if (tar.getCurrentEntry() != null) {
        // Reads the rest of a skipped file.
        tar.transferTo(OutputStream.nullOutputStream());
      }
      bytes.header();
      var entry = tar.getNextEntry();
      bytes.content();
      return entry;
    }

    void zip(Path archive) throws IOException {
      try (var zip = ZipFile.builder().setPath(archive).get()) {
        for (var entry : Collections.list(zip.getEntries())) {
          try (var content = zip.getInputStream(entry)) {
            add(entry, !entry.isUnixSymlink(), (entry.getUnixMode() & 0100) != 0, content);
          }
        }
      }
    }

    private void add(ArchiveEntry entry, boolean isFile, boolean isExecutable, InputStream content)
        throws IOException {
      if (++entries > limits.entries()) {
        throw unusable(name, "has more than %d entries".formatted(limits.entries()));
      }
      var target = folder.resolve(entry.getName()).normalize();
      if (!target.startsWith(folder)) {
        throw unusable(
            name, "contains a forbidden entry: \"%s\" leaves the archive".formatted(shown(entry)));
      }
      if (entry.isDirectory()) {
        Files.createDirectories(target);
      } else if (isFile) {
        Files.createDirectories(target.getParent());
        copy(content, target);
        if (isExecutable) {
          var _ = target.toFile().setExecutable(true);
        }
      }
    }

    private void copy(InputStream content, Path target) throws IOException {
      try (var out = Files.newOutputStream(target)) {
        var left = limits.bytes() - unpacked;
        var copied = IOUtils.copyLarge(content, out, 0, left + 1);
        unpacked += copied;
        if (copied > left) {
          throw unusable(name, "unpacks to more than %d MiB".formatted(limits.bytes() >> 20));
        }
      }
    }

    private static String shown(ArchiveEntry entry) {
      return entry.getName().replaceAll("\\p{Cntrl}", "?");
    }
  }
}
