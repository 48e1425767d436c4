package dev.hearth.build.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
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

  private List<String> kept(List<String> files, PruningRules rules) throws IOException {
    return List.copyOf(
        Pruner.prune(Pruner.files(source("project", files)), rules, Set.of()).kept().keySet());
  }

  @Test
  void givesTheSameDigestWhateverOrderTimeAndModeTheFilesHave() throws IOException {
    var one = source("one", List.of("b.py", "a.py", "data/x.txt"));
    var two = source("two", List.of("data/x.txt", "a.py", "b.py"));
    Files.setLastModifiedTime(two.resolve("a.py"), FileTime.fromMillis(1_000_000_000_000L));
    Files.setPosixFilePermissions(
        two.resolve("b.py"), PosixFilePermissions.fromString("rwxrwxrwx"));

    var rules = PruningRules.standard();
    var first =
        Packer.pack(
            Pruner.prune(Pruner.files(one), rules, Set.of()).kept(), folder.resolve("1.zip"));
    var second =
        Packer.pack(
            Pruner.prune(Pruner.files(two), rules, Set.of()).kept(), folder.resolve("2.zip"));

    assertThat(first.digest()).isEqualTo(second.digest());
    assertThat(folder.resolve("1.zip")).hasSameBinaryContentAs(folder.resolve("2.zip"));
  }

  @Test
  void leavesOutFilesByRule() throws IOException {
    var source =
        source(
            "project",
            List.of(
                "pkg/__init__.py",
                "pkg/tests/test_a.py",
                "pkg/tests/data/b.json",
                "pkg/test/test_b.py",
                "pkg/__pycache__/a.cpython-312.pyc",
                "pkg/stub.py",
                "pkg/stub.pyi",
                "pkg/_fast.pyi",
                "pkg/_fast.graalpy252-312-native-x86_64-linux.so",
                "pkg-stubs/__init__.pyi",
                "pkg/native.h",
                "pkg/speedups.c",
                "pkg/locale/de/LC_MESSAGES/pkg.po",
                "pkg-1.dist-info/INSTALLER",
                "docs/index.md",
                "pkg/docs/index.rst",
                "examples/run.py",
                "pkg/examples/run.py"));

    var result = Pruner.prune(Pruner.files(source), PruningRules.standard(), Set.of());

    assertThat(result.kept().keySet())
        .containsExactly(
            "pkg/__init__.py", "pkg/_fast.graalpy252-312-native-x86_64-linux.so", "pkg/stub.py");
    assertThat(result.pruned())
        .extracting(Pruned::rule, Pruned::files)
        .containsExactlyInAnyOrder(
            tuple("tests", 3),
            tuple("bytecode", 1),
            tuple("stubs", 3),
            tuple("headers", 1),
            tuple("c-sources", 1),
            tuple("translation-sources", 1),
            tuple("installer", 1),
            tuple("docs", 2),
            tuple("examples", 2));
  }

  @Test
  void keepsDataMetadataAndPackagesNamedLikeTestsOrDocs() throws IOException {
    var files =
        List.of(
            "django/test/client.py",
            "pkg/data.json",
            "pkg/doc/__init__.py",
            "pkg/third_party/typeshed/stdlib/builtins.pyi",
            "pkg/examples/__init__.py",
            "pkg/docs/shown.md",
            "pkg/templates/examples/first.json",
            "pkg-1.dist-info/licenses/tests/LICENSE",
            "pkg/locale/de/LC_MESSAGES/pkg.mo",
            "pkg-1.dist-info/LICENSE",
            "pkg-1.dist-info/METADATA",
            "pkg-1.dist-info/entry_points.txt");

    assertThat(kept(files, PruningRules.standard())).containsExactlyInAnyOrderElementsOf(files);
  }

  @Test
  void letsTheProjectKeepAndDrop() throws IOException {
    var files =
        List.of("pkg/tests/helpers.py", "pkg/tests/other.py", "pkg/big/a.bin", "pkg/code.py");
    var rules = PruningRules.with(List.of("pkg.tests.helpers"), List.of("pkg/big/**"), List.of());

    assertThat(kept(files, rules)).containsExactly("pkg/code.py", "pkg/tests/helpers.py");
  }

  @Test
  void matchesProjectPatternsInLinearTime() throws IOException {
    var name = "a".repeat(250) + ".txt";
    var rules = PruningRules.with(List.of(), List.of("**a".repeat(12) + "b1", "*.log"), List.of());

    assertThat(kept(List.of(name, "x.log"), rules)).containsExactly(name);
    assertThatThrownBy(() -> PruningRules.with(List.of("a".repeat(501)), List.of(), List.of()))
        .hasMessageContaining("at most 500 characters");
  }

  @Test
  void keepsOnlyTheProjectsLanguages() throws IOException {
    var files =
        List.of(
            "pkg/locale/de/LC_MESSAGES/pkg.mo",
            "pkg/locale/de_AT/LC_MESSAGES/pkg.mo",
            "pkg/locale/fr/LC_MESSAGES/pkg.mo",
            "pkg/locale/pt_BR/LC_MESSAGES/pkg.mo",
            "pkg/locale/pt_PT/LC_MESSAGES/pkg.mo",
            "pkg/locale-data/fr_CA.dat",
            "pkg/locale-data/root.dat",
            "pkg/locale/fr/formats.py");

    var rules = PruningRules.with(List.of(), List.of(), List.of("de", "pt-BR"));

    assertThat(kept(files, rules))
        .containsExactly(
            "pkg/locale-data/root.dat",
            "pkg/locale/de/LC_MESSAGES/pkg.mo",
            "pkg/locale/de_AT/LC_MESSAGES/pkg.mo",
            "pkg/locale/fr/formats.py",
            "pkg/locale/pt_BR/LC_MESSAGES/pkg.mo");
    assertThat(kept(files, PruningRules.standard())).hasSameSizeAs(files);
  }

  @Test
  void aModuleNameMatchesEverythingBelowIt() throws IOException {
    var files = List.of("pkg/tests/a.py", "pkg/tests/deep/b.py", "other/tests/c.py");
    var rules = PruningRules.with(List.of("pkg"), List.of(), List.of());

    assertThat(kept(files, rules)).containsExactly("pkg/tests/a.py", "pkg/tests/deep/b.py");
  }

  @Test
  void neverFollowsLinks() throws IOException {
    var source = source("project", List.of("a.py"));
    Files.createSymbolicLink(source.resolve("b.py"), source.resolve("a.py"));

    assertThat(
            Pruner.prune(Pruner.files(source), PruningRules.standard(), Set.of()).kept().keySet())
        .containsExactly("a.py");
  }
}
