package dev.hearth.build.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {

  @TempDir Path folder;

  private Path source(String name, List<String> files) throws IOException {
    var source = folder.resolve(name);
    for (var file : files) {
      var path = source.resolve(file);
      Files.createDirectories(path.getParent());
      Files.writeString(path, "content of " + file);
    }
    return source;
  }

  private List<String> pack(Path source) throws IOException {
    var target = folder.resolve("packed.zip");
    new Packer().add("app", source).write(target);
    var names = new ArrayList<String>();
    try (var zip = new ZipFile(target.toFile())) {
      zip.stream().forEach(entry -> names.add(entry.getName()));
    }
    return names;
  }

  @Test
  void givesTheSameDigestWhateverOrderTimeAndModeTheFilesHave() throws IOException {
    var one = source("one", List.of("b.py", "a.py", "data/x.txt"));
    var two = source("two", List.of("data/x.txt", "a.py", "b.py"));
    Files.setLastModifiedTime(two.resolve("a.py"), FileTime.fromMillis(1_000_000_000_000L));
    Files.setPosixFilePermissions(
        two.resolve("b.py"), PosixFilePermissions.fromString("rwxrwxrwx"));

    var first = new Packer().add("app", one).write(folder.resolve("1.zip"));
    var second = new Packer().add("app", two).write(folder.resolve("2.zip"));

    assertThat(first.digest()).isEqualTo(second.digest());
    assertThat(folder.resolve("1.zip")).hasSameBinaryContentAs(folder.resolve("2.zip"));
  }

  @Test
  void leavesOutTestsDocsBytecodeStubsAndHeaders() throws IOException {
    var source =
        source(
            "project",
            List.of(
                "pkg/__init__.py",
                "pkg/tests/test_a.py",
                "pkg/test/test_b.py",
                "pkg/__pycache__/a.cpython-312.pyc",
                "pkg/stub.pyi",
                "pkg/native.h",
                "docs/index.rst"));

    assertThat(pack(source)).containsExactly("app/pkg/__init__.py");
  }

  @Test
  void keepsDataMetadataAndPackagesThatOnlySoundLikeTestsOrDocs() throws IOException {
    var kept =
        List.of(
            "django/test/client.py",
            "pkg/data.json",
            "pkg/doc/__init__.py",
            "pkg-1.dist-info/LICENSE",
            "pkg-1.dist-info/METADATA",
            "pkg-1.dist-info/entry_points.txt");

    assertThat(pack(source("project", kept)))
        .containsExactlyInAnyOrderElementsOf(kept.stream().map(name -> "app/" + name).toList());
  }

  @Test
  void leavesOutWhatTheInstallerWrites() throws IOException {
    var source =
        source("project", List.of("pkg-1.dist-info/INSTALLER", "pkg-1.dist-info/REQUESTED"));

    assertThat(pack(source)).isEmpty();
  }

  @Test
  void tellsOfNativeModules() throws IOException {
    var source = source("project", List.of("pkg/core.graalpy250-312-native-x86_64-linux.so"));

    assertThat(new Packer().add("app", source).write(folder.resolve("n.zip")).nativeModules())
        .isTrue();
  }
}
