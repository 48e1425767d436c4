package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static dev.hearth.build.assembly.Wheels.wheel;
import static dev.hearth.contracts.ErrorCode.DEPENDENCY_UNINSTALLABLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.report.BuildReport;
import dev.hearth.build.report.BuildReport.Without;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests builds with releases that have wheels for CPython only. */
class OtherPythonsIT {

  private static final String NATIVE = "cp312-cp312-manylinux_2_17_x86_64.whl";

  @TempDir private static Path folder;

  private static Workshop workshop;
  private static TestIndex index;
  private static String setting;

  @BeforeAll
  static void open() throws IOException {
    workshop = Workshop.open(folder);
    var files = new HashMap<String, byte[]>();
    files.put("fast-2.0-" + NATIVE, fast("fast", "from ._fast import answer\n"));
    files.put("fast-1.0-py3-none-any.whl", wheel("fast", "1.0", "answer = 'slow'\n"));
    files.put(
        "either-2.0-" + NATIVE,
        fast(
            "either",
            "try:\n    from ._fast import answer\nexcept ImportError:\n    answer = 'pure'\n"));
    pure(
        files,
        "user",
        "1.0",
        "try:\n    import fast\nexcept ImportError:\n    fast = None\n",
        "fast");
    pure(files, "strict", "2.1", "from fast import answer", "fast>=2");
    pure(files, "strict", "2.0", "from fast import answer", "fast>=2");
    pure(files, "strict", "1.9", "from fast import answer", "fast<2");
    pure(files, "loose", "2.1", "from fast import answer", "fast>=2");
    pure(files, "loose", "2.0", "from fast import answer", "fast<2");
    index = TestIndex.serving(files);
    setting = "[[tool.uv.index]]\nname = \"own\"\nurl = \"%s\"\n".formatted(index.url());
  }

  @AfterAll
  static void close() throws IOException {
    workshop.close();
    index.close();
  }

  private static byte[] fast(String name, String init) {
    return wheel(
        name,
        "2.0",
        Map.of(name + "/__init__.py", init, name + "/_fast.cpython-312-x86_64-linux-gnu.so", ""),
        "");
  }

  private static void pure(
      Map<String, byte[]> files, String name, String version, String code, String requires) {
    files.put(
        "%s-%s-py3-none-any.whl".formatted(name, version),
        wheel(name, version, Map.of(name + ".py", code), requires));
  }

  private static Map<String, String> uses(String name) {
    return Map.of(
        "pyproject.toml", project(List.of(name), setting), "main.py", worker("import " + name));
  }

  @Test
  void leavesOutUnusableDistributionsThatAreNotNeeded() throws IOException {
    var report = workshop.build(uses("user"));

    assertThat(report.packages()).isEqualTo(Map.of("user", "1.0"));
    assertThat(report.report().without())
        .containsExactly(new Without("fast", "2.0", "x → user → fast"));
  }

  @Test
  void takesAReleaseWithoutItsNativeModules() throws IOException {
    var built = workshop.build(uses("either"));

    assertThat(built.report().packages())
        .singleElement()
        .matches(BuildReport.ShippedPackage::withoutNative);
    assertThat(built.files().keySet()).noneMatch(path -> path.endsWith(".so"));
  }

  @Test
  void stepsBackToAReleaseWithAUsableWheel() throws IOException {
    assertThat(workshop.build(uses("fast")).packages()).isEqualTo(Map.of("fast", "1.0"));
    assertThat(workshop.build(uses("loose")).packages())
        .isEqualTo(Map.of("fast", "1.0", "loose", "2.0"));
  }

  @Test
  void doesNotStepBackToAnotherSeries() {
    var refused = workshop.refused(uses("strict"));

    assertThat(refused.code()).isEqualTo(DEPENDENCY_UNINSTALLABLE);
    assertThat(refused.detail())
        .contains("fast==2.0 has no wheel that GraalPy can use (x → strict → fast)");
  }

  @Test
  void saysThatTheLockPinsTheRelease() throws IOException {
    var pyproject = project(List.of("fast", "user"), setting).replace(">=3.12", ">=3.11");
    var files = new HashMap<>(Map.of("pyproject.toml", pyproject));
    files.put("uv.lock", Uvs.lock(workshop, folder, files));
    files.put("main.py", worker("import user"));
    assertThat(workshop.build(files).packages()).containsKey("user");

    files.put("main.py", worker("import fast"));

    assertThat(workshop.refused(files).detail())
        .contains("fast==2.0 has no wheel that GraalPy can use (x → fast). The lock pins it.")
        .contains("fast==1.0 has one");
  }
}
