package dev.hearth.standalone;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The platform's data folder, locked by one process at a time. It has {@code api-key} and {@code
 * url} for the CLI, {@code index-key}, the back ends' data ({@code kafka}, {@code postgres}, {@code
 * s3}) and caches of the services.
 */
final class DataFolder implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path path;
  private final FileChannel lock;

  /** Another process has locked the folder. */
  static final class InUseException extends Exception {
    InUseException(Path path) {
      super(
          "Hearth is already running on "
              + path
              + ". Stop it, or choose another folder with --data.");
    }
  }

  private DataFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  static DataFolder hold(Path path) throws IOException, InUseException {
    Files.createDirectories(path);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
    var lock =
        FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (lock.tryLock() == null) {
        lock.close();
        throw new InUseException(path);
      }
    } catch (OverlappingFileLockException _) {
      lock.close();
      throw new InUseException(path);
    }
    Files.deleteIfExists(path.resolve("url"));
    return new DataFolder(path, lock);
  }

  Path resolve(String name) {
    return path.resolve(name);
  }

  /** Returns the API key of the tenant {@code default}; the first start creates it. */
  String apiKey() throws IOException {
    return kept("api-key", "hearth_" + secret());
  }

  /** Returns the key that encrypts passwords of package indexes; the first start creates it. */
  String indexKey() throws IOException {
    return kept("index-key", secret());
  }

  /** Returns the content of a secret file; creates the file if it is missing. */
  private String kept(String name, String key) throws IOException {
    var file = path.resolve(name);
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    var making = path.resolve(name + ".new");
    Files.deleteIfExists(making);
    Files.createFile(
        making, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(making, key + "\n");
    Files.move(making, file, StandardCopyOption.ATOMIC_MOVE);
    return key;
  }

  /** Writes the file {@code url}, with which the CLI finds the running platform. */
  void announce(String url) throws IOException {
    var temporary = path.resolve("url.new");
    Files.writeString(temporary, url + "\n");
    Files.move(temporary, path.resolve("url"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Returns 32 random bytes as text. */
  static String secret() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path.resolve("url"));
    lock.close();
  }
}
