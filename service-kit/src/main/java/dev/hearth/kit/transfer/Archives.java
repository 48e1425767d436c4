package dev.hearth.kit.transfer;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Zip files of our own making. */
public final class Archives {

  private Archives() {}

  /**
   * Unpacks into a folder that exists.
   *
   * @throws HearthException {@link ErrorCode#ARCHIVE_UNSAFE} when an entry leaves the folder
   */
  public static void unpack(Path archive, Path folder) throws IOException {
    try (var zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new HearthException(
              ErrorCode.ARCHIVE_UNSAFE, "An entry leaves the archive: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }
}
