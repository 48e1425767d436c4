package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.fromIndex;
import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static dev.hearth.build.assembly.Wheels.wheel;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.pack.Pruned;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests wheels of the default index, which builds install without uv where possible. */
class PlainWheelBuildsIT {

  private static final String BY_UV = "Installed 1 package";
  private static final String NATIVE = "fast-2.0-cp312-cp312-manylinux_2_17_x86_64.whl";
  private static final String TEA = "tea-1.0-py3-none-any.whl";

  @TempDir private Path folder;

  private final Map<String, byte[]> files = new HashMap<>();
  private TestIndex index;
  private Workshop workshop;

  @BeforeEach
  void open() throws IOException {
    files.put(
        TEA,
        wheel(
            "tea",
            "1.0",
            Map.of(
                "tea/__init__.py", "KIND = 'oolong'\n",
                "tea/tests/test_tea.py", "",
                "bin/tea", "#!/bin/sh\n"),
            ""));
    index = TestIndex.serving(files);
    workshop = Workshop.open(folder, Map.of("UV_DEFAULT_INDEX", index.url()));
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
    index.close();
  }

  private static Map<String, String> uses(String name) {
    return Map.of("pyproject.toml", project(name), "main.py", worker("import " + name));
  }

  private static Map<String, String> with(Map<String, String> files, String path, String text) {
    var all = new HashMap<>(files);
    all.put(path, text);
    return all;
  }

  /** Returns the lock of a project that depends on the release of each file. */
  private String lock(String root, Map<String, String> addresses, Map<String, byte[]> contents) {
    var packages = new StringBuilder("version = 1\nrevision = 3\nrequires-python = \">=3.12\"\n");
    addresses.forEach((name, address) -> {
      var release = name.split("-", 3);
      packages.append(
          """
          [[package]]
          name = "%s"
          version = "%s"
          source = { registry = "%s" }
          wheels = [{ url = "%s/%s", hash = "sha256:%s" }]
          """
              .formatted(
                  release[0],
                  release[1],
                  index.url(),
                  address,
                  name,
                  HexFormat.of().formatHex(Wheels.sha256(contents.get(name)))));
    });
    var named =
        addresses.keySet().stream()
            .map(name -> "{ name = \"%s\" }".formatted(name.substring(0, name.indexOf('-'))))
            .collect(Collectors.joining(", "));
    return packages
        + """
        [[package]]
        %s
        source = { virtual = "." }
        dependencies = [%s]
        [package.metadata]
        requires-dist = [%s]
        """
            .formatted(root, named, named);
  }

  private String lock(Map<String, String> addresses, Map<String, byte[]> contents) {
    return lock("name = \"x\"\nversion = \"1.2\"", addresses, contents);
  }

  private String address() {
    return index.origin() + "/files";
  }

  @Test
  void aPlainWheelMakesTheLayerThatUvWouldMake() throws IOException {
    var plain = workshop.build(uses("tea"));
    // Another host name makes another index, which only uv reads. Other rules make another layer.
    var elsewhere =
        fromIndex("tea", index.url().replace("127.0.0.1", "localhost"))
            + "[tool.hearth.build]\nkeep = [\"nothing\"]\n";
    var byUv = workshop.build(with(uses("tea"), "pyproject.toml", elsewhere));

    assertThat(plain.files()).containsEntry("tea/__init__.py", "KIND = 'oolong'\n");
    assertThat(plain.log()).contains(" + tea==1.0").noneMatch(line -> line.startsWith(BY_UV));
    assertThat(byUv.log()).anyMatch(line -> line.startsWith(BY_UV));
    assertThat(byUv.onlyPackage().layer()).isEqualTo(plain.onlyPackage().layer());
    assertThat(byUv.onlyPackage().pruned())
        .extracting(Pruned::rule)
        .containsExactly("installer", "tests");
  }

  @Test
  void takesAWheelByItsAddress() throws IOException {
    var built =
        workshop.build(
            with(uses("tea"), "pyproject.toml", project("tea @ " + address() + "/" + TEA)));

    assertThat(built.files()).containsEntry("tea/__init__.py", "KIND = 'oolong'\n");
    assertThat(built.packages()).containsExactly(Map.entry("tea", "1.0"));
  }

  @Test
  void leavesAWheelWithScriptsToUv() throws IOException {
    files.put(
        "cup-1.0-py3-none-any.whl",
        wheel(
            "cup",
            "1.0",
            Map.of("cup.py", "SIZE = 2\n", "cup-1.0.data/scripts/cup", "#!python\n"),
            ""));

    var built = workshop.build(uses("cup"));

    assertThat(built.files()).containsEntry("cup.py", "SIZE = 2\n");
    assertThat(built.log()).anyMatch(line -> line.startsWith(BY_UV));
  }

  @Test
  void refusesAPlainWheelWhoseRecordLies() {
    var lying = new HashMap<>(Wheels.unzip(wheel("liar", "1.0", "x = 1\n")));
    lying.put("liar.py", "x = 2\n");
    files.put("liar-1.0-py3-none-any.whl", Wheels.zip(lying));

    assertThat(workshop.refused(uses("liar")).detail())
        .contains("liar.py: the file has another hash");
  }

  @Test
  void refusesAMissingWheelAndAWrongHash() {
    var name = "gone-1.0-py3-none-any.whl";
    var addresses = Map.of(name, address());
    var other = Map.of(name, "other".getBytes(StandardCharsets.UTF_8));
    files.put(name, wheel("gone", "1.0", ""));
    var another = workshop.refused(with(uses("gone"), "uv.lock", lock(addresses, other))).detail();
    assertThat(another).contains(HexFormat.of().formatHex(Wheels.sha256(other.get(name))));

    var gone = Map.of(name, files.remove(name));
    assertThat(workshop.refused(with(uses("gone"), "uv.lock", lock(addresses, gone))).detail())
        .contains("gone was not found");
  }

  @Test
  void leavesARecordThatUvRepairsToUv() throws IOException {
    var content = new HashMap<>(Wheels.unzip(wheel("slashes", "1.0", "x = 1\n")));
    content.computeIfPresent(
        "slashes-1.0.dist-info/RECORD",
        (_, record) -> record.lines().map(line -> "/" + line + "\n").collect(Collectors.joining()));
    files.put("slashes-1.0-py3-none-any.whl", Wheels.zip(content));

    var built = workshop.build(uses("slashes"));

    assertThat(built.files()).containsEntry("slashes.py", "x = 1\n");
    assertThat(built.log()).anyMatch(line -> line.startsWith(BY_UV));
  }

  @Test
  void aForgedLockMakesNoLayerOfAnotherRelease() throws IOException {
    var evil = wheel("tea", "1.0", "KIND = 'poison'\n");
    files.put("fast-1.0-py3-none-any.whl", wheel("fast", "1.0", ""));
    files.put(
        NATIVE,
        wheel(
            "fast",
            "2.0",
            Map.of(
                "fast/__init__.py", "from . import _fast\n",
                "fast/_fast.cpython-312-x86_64-linux-gnu.so", ""),
            ""));
    var asked = Map.of("requirements.txt", "fast\ntea\n", "main.py", worker("import fast, tea"));
    var log = new CopyOnWriteArrayList<String>();
    try (var elsewhere = TestIndex.serving(Map.of(TEA, evil))) {
      var lock =
          lock(
              "name = \"app\"\nversion = \"0\"",
              Map.of(NATIVE, address(), TEA, elsewhere.origin() + "/files"),
              Map.of(NATIVE, files.get(NATIVE), TEA, evil));
      // Without a pyproject.toml the lock is not the project's own, so the build steps back for
      // fast.
      workshop.refused(with(asked, "uv.lock", lock), log);
    }
    assertThat(log).anyMatch(line -> line.contains("stepping back"));

    assertThat(workshop.build(asked).files()).containsEntry("tea/__init__.py", "KIND = 'oolong'\n");
  }
}
