package dev.hearth.api.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceArchiveTest {

  private static final int LINK = 0120777;
  private static final int FILE = 0100644;

  @TempDir Path folder;

  private Path zip(int mode, String... names) throws IOException {
    var file = folder.resolve("upload.zip");
    try (var zip = new ZipArchiveOutputStream(file)) {
      for (var name : names) {
        var entry = new ZipArchiveEntry(name);
        entry.setUnixMode(mode);
        zip.putArchiveEntry(entry);
        zip.write(name.getBytes(StandardCharsets.UTF_8));
        zip.closeArchiveEntry();
      }
    }
    return file;
  }

  private Path tar(byte type, String... names) throws IOException {
    var file = folder.resolve("upload.tar.gz");
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      for (var name : names) {
        var content = name.getBytes(StandardCharsets.UTF_8);
        var entry = new TarArchiveEntry(name, type, true);
        if (type == TarConstants.LF_NORMAL) {
          entry.setSize(content.length);
        }
        tar.putArchiveEntry(entry);
        if (type == TarConstants.LF_NORMAL) {
          tar.write(content);
        }
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private SourceArchive.Canonical read(Path upload) throws IOException {
    return SourceArchive.read(upload, Files.createTempDirectory(folder, "scratch"));
  }

  private void assertRefused(Path upload, ErrorCode code) {
    assertThatThrownBy(() -> read(upload))
        .isInstanceOfSatisfying(
            HearthException.class, refused -> assertThat(refused.code()).isEqualTo(code));
  }

  private static List<String> names(SourceArchive.Canonical canonical) throws IOException {
    var names = new ArrayList<String>();
    try (var zip = new ZipFile(canonical.file().toFile())) {
      zip.stream().forEach(entry -> names.add(entry.getName()));
    }
    return names;
  }

  @Test
  void givesZipAndTarOfTheSameSourceTheSameDigest() throws IOException {
    var fromZip = read(zip(FILE, "main.py", "pyproject.toml"));
    var fromTar = read(tar(TarConstants.LF_NORMAL, "pyproject.toml", "main.py"));

    assertThat(fromZip.digest()).isEqualTo(fromTar.digest());
    assertThat(names(fromZip)).containsExactly("main.py", "pyproject.toml");
  }

  @Test
  void takesOffASingleFolderAroundEverything() throws IOException {
    var canonical = read(zip(FILE, "project-1.0/pyproject.toml", "project-1.0/src/main.py"));

    assertThat(names(canonical)).containsExactly("pyproject.toml", "src/main.py");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil.py", "a/../../evil.py", "/etc/evil.py", "C:/evil.py"})
  void refusesNamesThatLeaveTheArchive(String name) throws IOException {
    assertRefused(zip(FILE, "pyproject.toml", name), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void refusesNamesThatLeaveATar() throws IOException {
    assertRefused(
        tar(TarConstants.LF_NORMAL, "pyproject.toml", "../evil.py"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void refusesLinksInAZip() throws IOException {
    assertRefused(zip(LINK, "pyproject.toml"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {
        TarConstants.LF_SYMLINK,
        TarConstants.LF_LINK,
        TarConstants.LF_CHR,
        TarConstants.LF_BLK,
        TarConstants.LF_FIFO
      })
  void refusesLinksAndDevicesInATar(byte type) throws IOException {
    assertRefused(tar(type, "thing"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void refusesNamesThatDifferInCaseOnly() throws IOException {
    assertRefused(zip(FILE, "pyproject.toml", "Main.py", "main.py"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void keepsContentsApartWhereANameComesTwice() throws IOException {
    assertRefused(zip(FILE, "pyproject.toml", "a.py", "./a.py", "b.py"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void refusesAFileThatIsAFolderToo() throws IOException {
    assertRefused(zip(FILE, "pyproject.toml", "a", "a-b", "a/b.py"), ErrorCode.ARCHIVE_UNSAFE);
    assertRefused(zip(FILE, "pyproject.toml", "A", "a/b.py"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void refusesNamesThatNoFileCanHave() throws IOException {
    assertRefused(zip(FILE, "pyproject.toml", "ä".repeat(130) + ".py"), ErrorCode.ARCHIVE_UNSAFE);
    assertRefused(zip(FILE, "pyproject.toml", "a/".repeat(600) + "b.py"), ErrorCode.ARCHIVE_UNSAFE);
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    var file = Files.writeString(folder.resolve("text"), "this is text");

    assertRefused(file, ErrorCode.ARCHIVE_INVALID);
  }

  @Test
  void refusesADamagedArchive() throws IOException {
    var file = Files.write(folder.resolve("cut"), new byte[] {'P', 'K', 3, 4, 0, 0});

    assertRefused(file, ErrorCode.ARCHIVE_INVALID);
  }

  @Test
  void refusesAProjectWithoutPyproject() throws IOException {
    assertRefused(zip(FILE, "main.py"), ErrorCode.PROJECT_INVALID);
  }
}
