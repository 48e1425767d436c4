package dev.hearth.build.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceDistributionTest {

  private static final byte[] CODE = "x = 1\n".getBytes(StandardCharsets.UTF_8);
  private static final SourceDistribution.Limits LIMITS = new SourceDistribution.Limits(1 << 20, 3);

  @TempDir Path folder;
  private Path tree;

  @BeforeEach
  void prepare() throws IOException {
    tree = Files.createDirectory(folder.resolve("tree"));
  }

  private Path tar(TarArchiveEntry... entries) throws IOException {
    var file = folder.resolve("tea-1.0.tar.gz");
    try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)))) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (var entry : entries) {
        if (entry.getLinkFlag() == TarConstants.LF_NORMAL) {
          entry.setSize(CODE.length);
        }
        tar.putArchiveEntry(entry);
        if (entry.getLinkFlag() == TarConstants.LF_NORMAL) {
          tar.write(CODE);
        }
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private static TarArchiveEntry file(String name) {
    return new TarArchiveEntry(name, true);
  }

  private void refuses(Path archive, String why) {
    assertThatThrownBy(() ->
            SourceDistribution.unpack(archive, archive.getFileName().toString(), tree, LIMITS))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("The source distribution " + archive.getFileName())
        .hasMessageContaining(why);
  }

  @Test
  void unpacksTarsAndZips() throws IOException {
    var script = file("tea-1.0/run");
    script.setMode(0100755);
    SourceDistribution.unpack(tar(file("tea-1.0/tea.py"), script), "tea-1.0.tar.gz", tree, LIMITS);
    var zipped = folder.resolve("tea-1.0.zip");
    try (var zip = new ZipOutputStream(Files.newOutputStream(zipped))) {
      zip.putNextEntry(new ZipEntry("tea-1.0/zipped.py"));
      zip.write(CODE);
    }
    SourceDistribution.unpack(zipped, "tea-1.0.zip", tree, LIMITS);

    assertThat(tree.resolve("tea-1.0/tea.py")).hasBinaryContent(CODE);
    assertThat(tree.resolve("tea-1.0/zipped.py")).hasBinaryContent(CODE);
    assertThat(tree.resolve("tea-1.0/run")).isExecutable();
  }

  @Test
  void leavesOutLinks() throws IOException {
    var link = new TarArchiveEntry("tea-1.0/passwd", TarConstants.LF_SYMLINK);
    link.setLinkName("/etc/passwd");
    SourceDistribution.unpack(tar(link, file("tea-1.0/tea.py")), "tea-1.0.tar.gz", tree, LIMITS);

    assertThat(tree.resolve("tea-1.0")).isDirectoryNotContaining("glob:**passwd");
  }

  @Test
  void refusesPathsOutsideOfTheArchive() throws IOException {
    refuses(tar(file("../tea.py")), "\"../tea.py\" leaves the archive");
    assertThat(folder.resolve("tea.py")).doesNotExist();
  }

  @Test
  void refusesBombs() throws IOException {
    refuses(
        tar(file("tea-1.0/0"), file("tea-1.0/1"), file("tea-1.0/2"), file("tea-1.0/3")),
        "more than 3 entries");
    var large = folder.resolve("large-1.0.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(large));
        var tar = new TarArchiveOutputStream(out)) {
      var zeros = file("tea-1.0/zeros");
      zeros.setSize((1L << 20) + 1);
      tar.putArchiveEntry(zeros);
      tar.write(new byte[(1 << 20) + 1]);
      tar.closeArchiveEntry();
    }
    refuses(large, "unpacks to more than 1 MiB");
  }

  @Test
  void refusesSparseFiles() throws IOException {
    refuses(
        tar(new TarArchiveEntry("tea-1.0/hole", TarConstants.LF_GNUTYPE_SPARSE)), "a sparse file");
  }

  @Test
  void refusesDamagedAndUnknownArchives() throws IOException {
    var whole = Files.readAllBytes(tar(file("tea-1.0/tea.py")));
    refuses(Files.write(folder.resolve("cut-1.0.tar.gz"), Arrays.copyOf(whole, 40)), "is damaged");
    refuses(Files.writeString(folder.resolve("none-1.0.zip"), "no zip"), "is damaged");
    refuses(Files.write(folder.resolve("tea-1.0.tar.bz2"), whole), "neither a .tar.gz nor a .zip");
  }
}
