package dev.hearth.kit.transfer;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Unpacks zip files that the platform made. */
public final class Archives {

  private Archives() {}

  /**
   * Unpacks an archive into an existing folder.
   *
   * @throws HearthException {@link ErrorCode#ARCHIVE_UNSAFE} if the path of an entry leads out of
   *     the folder
   */
  public static void unpack(Path archive, Path folder) throws IOException {
    try (var zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new HearthException(
              ErrorCode.ARCHIVE_UNSAFE,
              "The entry %s has a path outside of the archive. Use a relative path without .."
                  .formatted(entry.getName()));
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
  }
}
