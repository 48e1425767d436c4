package dev.hearth.build.wheel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WheelArchiveTest {

  private static final byte[] IN_DIRECTORY = {'P', 'K', 1, 2};
  private static final int LINK = 0120777;

  /** Offsets in an entry of the central directory. */
  private static final int PACKED_SIZE = 20;

  private static final int SIZE = 24;

  @TempDir Path folder;

  private Path wheel(ZipArchiveEntry... entries) throws IOException {
    var wheel = folder.resolve("tea-1.0-py3-none-any.whl");
    try (var zip = new ZipArchiveOutputStream(wheel)) {
      for (var entry : entries) {
        zip.putArchiveEntry(entry);
        zip.write("x = 1\n".getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
      }
    }
    return wheel;
  }

  private static ZipArchiveEntry entry(String name) {
    return new ZipArchiveEntry(name);
  }

  /** Falsifies a size of each entry in the central directory. */
  private static Path lie(Path wheel, int field, int size) throws IOException {
    var bytes = Files.readAllBytes(wheel);
    for (int at = 0; at < bytes.length - 4; at++) {
      if (Arrays.equals(bytes, at, at + 4, IN_DIRECTORY, 0, 4)) {
        for (int i = 0; i < 4; i++) {
          bytes[at + field + i] = (byte) (size >> (8 * i));
        }
      }
    }
    return Files.write(wheel, bytes);
  }

  private static void refuses(Path wheel, String why) {
    assertThatThrownBy(() -> WheelArchive.check(wheel, "tea"))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("The wheel tea")
        .hasMessageContaining(why);
  }

  @Test
  void acceptsFilesAndFolders() throws IOException {
    var folders = new ZipArchiveEntry("tea/");
    try (var zip = new ZipArchiveOutputStream(folder.resolve("good.whl"))) {
      zip.putArchiveEntry(folders);
      zip.closeArchiveEntry();
      zip.putArchiveEntry(entry("tea/__init__.py"));
      zip.closeArchiveEntry();
    }
    WheelArchive.check(folder.resolve("good.whl"), "tea");

    assertThat(folder.resolve("good.whl")).exists();
  }

  @Test
  void refusesPathsOutsideOfTheWheel() throws IOException {
    refuses(wheel(entry("../tea.py")), "\"../tea.py\" has a name that is not a plain path");
    refuses(wheel(entry("tea/../../tea.py")), "not a plain path");
    refuses(wheel(entry("/tea.py")), "not a plain path");
    refuses(wheel(entry("tea/./x.py")), "not a plain path");
    refuses(wheel(entry("tea//x.py")), "not a plain path");
    refuses(wheel(entry("te\0a.py")), "\"te?a.py\" has a name that is not a plain path");
  }

  @Test
  void refusesLinks() throws IOException {
    var link = entry("tea.py");
    link.setUnixMode(LINK);

    refuses(wheel(link), "\"tea.py\" is a link");
  }

  @Test
  void refusesDuplicateEntries() throws IOException {
    refuses(wheel(entry("tea.py"), entry("tea.py")), "\"tea.py\" is listed twice");
  }

  @Test
  void refusesBombs() throws IOException {
    refuses(lie(wheel(entry("tea.py")), SIZE, (1 << 30) + 1), "unpacks to more than 1024 MiB");
    refuses(lie(wheel(entry("tea.py")), PACKED_SIZE, 1 << 20), "entries that overlap");
    var many = new ZipArchiveEntry[60_001];
    Arrays.setAll(many, i -> entry("tea/" + i));
    refuses(wheel(many), "more than 60000 entries");
  }

  @Test
  void cannotReadOtherFiles() throws IOException {
    var file = Files.writeString(folder.resolve("none.whl"), "no zip");

    assertThatThrownBy(() -> WheelArchive.check(file, "tea")).isInstanceOf(IOException.class);
  }
}
