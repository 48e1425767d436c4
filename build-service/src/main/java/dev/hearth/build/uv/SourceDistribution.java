package dev.hearth.build.uv;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Fetches and unpacks source distributions, checked by hash, within limits. */
final class SourceDistribution {

  private static final long LARGEST = 256L << 20;
  private static final long LARGEST_UNPACKED = 1L << 30;

  private final Downloads downloads;

  SourceDistribution(Downloads downloads) {
    this.downloads = downloads;
  }

  /** Returns the unpacked tree, below the folder. */
  Path fetch(Lock.RemoteFile source, Path folder) throws IOException {
    var archive = folder.resolve("source.tar.gz");
    downloads.fetch(source, archive, LARGEST);
    var tree = Files.createDirectory(folder.resolve("tree"));
    unpack(archive, tree);
    try (Stream<Path> listed = Files.list(tree)) {
      return listed
          .findFirst()
          .orElseThrow(() ->
              new HearthException(
                  ErrorCode.DEPENDENCY_UNINSTALLABLE,
                  "The source distribution %s is empty.".formatted(source.name())));
    }
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    long unpacked = 0;
    try (var tar =
        new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = folder.resolve(entry.getName()).normalize();
        unpacked += Math.max(0, entry.getSize());
        if (!target.startsWith(folder) || unpacked > LARGEST_UNPACKED) {
          throw new HearthException(
              ErrorCode.DEPENDENCY_UNINSTALLABLE,
              "A source distribution holds what is not allowed: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else if (entry.isFile()) {
          Files.createDirectories(target.getParent());
          Files.copy(tar, target);
          if ((entry.getMode() & 0100) != 0) {
            var _ = target.toFile().setExecutable(true);
          }
        }
      }
    }
  }
}
