package dev.hearth.build.index;

import dev.hearth.build.lock.Lock;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.egress.Destinations;
import dev.hearth.kit.egress.EgressClient;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Downloads files that locks name by address and hash. Connections are reused. */
public final class Downloads implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final Destinations destinations;
  private @Nullable EgressClient client;

  public Downloads(Destinations destinations) {
    this.destinations = destinations;
  }

  /**
   * Downloads a file and checks its hash.
   *
   * @param largest largest accepted size in bytes
   * @throws HearthException if it cannot be downloaded, is too large, or has another hash
   */
  public void fetch(Lock.RemoteFile file, Path target, long largest) throws IOException {
    var sha256 = Digests.sha256();
    try (var body = get(file);
        var out = new DigestOutputStream(Files.newOutputStream(target), sha256)) {
      copy(body, out, file, largest);
    }
    if (!Digests.of(sha256).hex().equals(file.sha256())) {
      throw unusable(file, "does not have the hash that the lock lists; write the lock again");
    }
  }

  private InputStream get(Lock.RemoteFile file) throws IOException {
    try {
      return client().get(file.url(), LIMIT);
    } catch (IOException failed) {
      throw unusable(file, String.valueOf(failed.getMessage()));
    }
  }

  private synchronized EgressClient client() throws IOException {
    if (client == null) {
      client = new EgressClient(destinations);
    }
    return client;
  }

  private static void copy(InputStream from, OutputStream to, Lock.RemoteFile file, long largest)
      throws IOException {
    var buffer = new byte[64 * 1024];
    long copied = 0;
    for (int read = read(from, buffer, file); read >= 0; read = read(from, buffer, file)) {
      copied += read;
      if (copied > largest) {
        throw unusable(file, "is larger than " + (largest >> 20) + " MiB");
      }
      to.write(buffer, 0, read);
    }
  }

  private static int read(InputStream from, byte[] buffer, Lock.RemoteFile file) {
    try {
      return from.read(buffer);
    } catch (IOException failed) {
      throw unusable(file, "was not downloaded completely: " + failed.getMessage());
    }
  }

  private static HearthException unusable(Lock.RemoteFile file, String what) {
    return new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE, "The file %s %s.".formatted(file.name(), what));
  }

  @Override
  public synchronized void close() throws IOException {
    if (client != null) {
      client.close();
    }
  }
}
