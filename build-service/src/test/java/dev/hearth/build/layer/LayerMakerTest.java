package dev.hearth.build.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.build.pack.PruningRules;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerMakerTest {

  @TempDir Path folder;

  private final Map<Digest, Path> stored = new LinkedHashMap<>();

  private Path install(String name, Map<String, String> files) throws IOException {
    var installed = folder.resolve("installed");
    var record = new StringBuilder();
    var all = new LinkedHashMap<>(files);
    all.put(
        name + "-1.0.dist-info/METADATA",
        "Metadata-Version: 2.4\nName: %s\nVersion: 1.0\nLicense-Expression: MIT\nRequires-Dist: Other_Thing>=1\nRequires-Dist: x; extra == 'dev'\n\nbody\n"
            .formatted(name));
    for (var file : all.entrySet()) {
      var path = installed.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
      var digest = HexFormat.of().parseHex(Digests.of(path).hex());
      record.append(
          "%s,sha256=%s,%d\n"
              .formatted(
                  file.getKey(),
                  Base64.getUrlEncoder().withoutPadding().encodeToString(digest),
                  Files.size(path)));
    }
    record.append(name).append("-1.0.dist-info/RECORD,,\n");
    Files.writeString(installed.resolve(name + "-1.0.dist-info/RECORD"), record);
    return installed;
  }

  private List<Layer> make(Path installed) throws IOException {
    var scratch = Files.createTempDirectory(folder, "scratch");
    return new LayerMaker(
            PruningRules.standard(), (digest, file) -> stored.putIfAbsent(digest, file) == null)
        .make(installed, scratch, LayerMaker.Source.WHEELS);
  }

  @Test
  void keepsImportedModulesInPrunedFolders() throws IOException {
    var installed =
        install(
            "tea",
            Map.of(
                "tea/__init__.py", "from .tests.support import pour",
                "tea/tests/__init__.py", "",
                "tea/tests/support.py", "import tea.test.deeper",
                "tea/tests/support.pyi", "",
                "tea/test/deeper.py", "",
                "tea/test/test_a.py", "",
                "tea/cups/__init__.py", "def test():\n  from .tests import all",
                "tea/cups/tests/all.py", "",
                "tea/pots/__init__.py",
                    "try:\n  from .tests import all\nexcept ImportError:\n  pass",
                "tea/pots/tests/all.py", ""));

    var layer = make(installed).getFirst();

    try (var zip = new ZipFile(stored.get(layer.digest()).toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName()).filter(name -> name.startsWith("tea/")))
          .containsExactly(
              "tea/__init__.py",
              "tea/cups/__init__.py",
              "tea/pots/__init__.py",
              "tea/test/deeper.py",
              "tea/test/test_a.py",
              "tea/tests/__init__.py",
              "tea/tests/support.py");
    }
    assertThat(layer.wholeCompressedBytes()).isGreaterThan(layer.compressedBytes());
  }

  @Test
  void makesALayerForEachDistribution() throws IOException {
    install("tea", Map.of("tea/__init__.py", "import cup", "tea/tests/test_a.py", ""));
    var installed = install("cup", Map.of("cup.py", "", "cup.pyi", ""));

    var layers = make(installed);

    assertThat(layers).extracting(Layer::name).containsExactly("cup", "tea");
    var tea = layers.get(1);
    assertThat(tea.licence()).isEqualTo("MIT");
    assertThat(tea.content().requires()).containsExactly("other-thing");
    assertThat(tea.content().modules())
        .singleElement()
        .satisfies(module -> assertThat(module.imports()).containsExactly("cup"));
    try (var zip = new ZipFile(stored.get(tea.digest()).toFile())) {
      assertThat(zip.stream().map(entry -> entry.getName()))
          .containsExactly(
              "tea-1.0.dist-info/METADATA", "tea-1.0.dist-info/RECORD", "tea/__init__.py");
      var record =
          new String(
              zip.getInputStream(zip.getEntry("tea-1.0.dist-info/RECORD")).readAllBytes(),
              java.nio.charset.StandardCharsets.UTF_8);
      assertThat(record)
          .isEqualTo(
              "tea-1.0.dist-info/METADATA,,\ntea-1.0.dist-info/RECORD,,\ntea/__init__.py,,\n");
    }
  }

  @Test
  void refusesFilesThatDifferFromTheRecord() throws IOException {
    var installed = install("tea", Map.of("tea.py", "good"));
    Files.writeString(installed.resolve("tea.py"), "evil");

    assertThatThrownBy(() -> make(installed))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("tea.py")
        .hasMessageContaining("RECORD");
  }

  @Test
  void refusesFilesThatTheRecordDoesNotList() throws IOException {
    var installed = install("tea", Map.of("tea.py", ""));
    Files.writeString(installed.resolve("hidden.pth"), "import os");

    assertThatThrownBy(() -> make(installed)).hasMessageContaining("hidden.pth");
  }

  @Test
  void refusesAWheelThatWritesMetadataOfAnotherDistribution() throws IOException {
    var installed = install("evil", Map.of("good-1.0.dist-info/RECORD", "good.py,,\n"));

    assertThatThrownBy(() -> make(installed))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining(
            "good-1.0.dist-info/RECORD: the file belongs to another distribution");
  }

  @Test
  void takesTheNameThatUvCompared() throws IOException {
    var installed =
        install("foo", Map.of("foo.py", "x = 1\n", "foo-1.0.dist-info/NOTE", "Name: good"));

    assertThat(make(installed)).extracting(Layer::name).containsExactly("foo");
  }

  @Test
  void keepsTheFirstLineOfALongLicence() throws IOException {
    var metadata = "Name: tea\nVersion: 1.0\nLicense: " + "x".repeat(1_000_000) + "\n";
    var installed = install("tea", Map.of("tea.py", ""));
    Files.writeString(installed.resolve("tea-1.0.dist-info/METADATA"), metadata);
    Files.writeString(
        installed.resolve("tea-1.0.dist-info/RECORD"),
        "tea.py,,\ntea-1.0.dist-info/METADATA,,\ntea-1.0.dist-info/RECORD,,\n");

    assertThat(make(installed)).extracting(Layer::licence).containsExactly("x".repeat(100) + "…");
  }

  @Test
  void refusesMetadataWithoutAValidRelease() throws IOException {
    var installed =
        install("tea", Map.of("evil.dist-info/METADATA", "", "evil.dist-info/RECORD", ""));

    assertThatThrownBy(() -> make(installed))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("evil.dist-info");
  }
}
