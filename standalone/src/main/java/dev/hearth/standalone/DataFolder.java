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
 * The folder that keeps everything, held by one process at a time: {@code api-key} and {@code url}
 * for the CLI, {@code index-key}, {@code kafka}, {@code postgres}, {@code s3} and what services may
 * lose.
 */
final class DataFolder implements AutoCloseable {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path path;
  private final FileChannel lock;

  /** Somebody else holds the folder. */
  static final class InUseException extends Exception {
    InUseException(Path path) {
      super(
          "one is running on " + path + " already. Stop it, or choose another folder with --data.");
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

  /** The default tenant's key, made at the first start. */
  String apiKey() throws IOException {
    return kept("api-key", "hearth_" + secret());
  }

  /** What passwords are encrypted with, made at the first start. */
  String indexKey() throws IOException {
    return kept("index-key", secret());
  }

  /** What a file has, or else gets; only the owner may read it. */
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

  /** Tells the CLI where the platform is; only there while it runs. */
  void announce(String url) throws IOException {
    var temporary = path.resolve("url.new");
    Files.writeString(temporary, url + "\n");
    Files.move(temporary, path.resolve("url"), StandardCopyOption.ATOMIC_MOVE);
  }

  /** 32 random bytes as text. */
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
