package dev.hearth.build.uv;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.egress.Destinations;
import dev.hearth.kit.egress.EgressClient;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** Fetches and unpacks source distributions, checked by hash, within limits. */
final class SourceDistribution {

  private static final long LARGEST = 256L << 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Destinations destinations;

  SourceDistribution(Destinations destinations) {
    this.destinations = destinations;
  }

  /** Returns the unpacked tree, below the folder. */
  Path fetch(Lock.SourceFile source, Path folder) throws IOException {
    var archive = folder.resolve("source.tar.gz");
    download(source, archive);
    var tree = Files.createDirectory(folder.resolve("tree"));
    unpack(archive, tree);
    try (Stream<Path> listed = Files.list(tree)) {
      return listed.findFirst().orElseThrow(() -> broken(source, "is empty"));
    }
  }

  private static HearthException broken(Lock.SourceFile source, String what) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        "The source distribution %s %s."
            .formatted(source.url().substring(source.url().lastIndexOf('/') + 1), what));
  }

  private void download(Lock.SourceFile source, Path archive) throws IOException {
    var sha256 = Digests.sha256();
    try (var client = new EgressClient(destinations);
        var body = get(client, source);
        var out = new DigestOutputStream(Files.newOutputStream(archive), sha256)) {
      copy(body, out, source);
    }
    if (!Digests.of(sha256).hex().equals(source.sha256())) {
      throw broken(source, "has another hash than the lock says");
    }
  }

  private static InputStream get(EgressClient client, Lock.SourceFile source) {
    try {
      return client.get(source.url(), LIMIT);
    } catch (IOException failed) {
      throw broken(source, String.valueOf(failed.getMessage()));
    }
  }

  private static void copy(InputStream from, java.io.OutputStream to, Lock.SourceFile source)
      throws IOException {
    var buffer = new byte[64 * 1024];
    long copied = 0;
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      copied += read;
      if (copied > LARGEST) {
        throw broken(source, "is larger than " + (LARGEST >> 20) + " MiB");
      }
      to.write(buffer, 0, read);
    }
  }

  private static void unpack(Path archive, Path folder) throws IOException {
    long unpacked = 0;
    try (var tar =
        new TarArchiveInputStream(new GzipCompressorInputStream(Files.newInputStream(archive)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        var target = folder.resolve(entry.getName()).normalize();
        unpacked += Math.max(0, entry.getSize());
        if (!target.startsWith(folder) || unpacked > LARGEST * 4) {
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
