package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static dev.hearth.build.assembly.Wheels.wheel;
import static dev.hearth.contracts.ErrorCode.LOCK_STALE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests builds with locks: a lock is honoured, never rewritten, and refused if it does not match.
 */
class LocksIT {

  private static final String NEW = "leaf-2.0-py3-none-any.whl";

  @TempDir private Path folder;

  private final byte[] newest = wheel("leaf", "2.0", "VERSION = 2\n");
  private TestIndex index;
  private Workshop workshop;
  private Map<String, String> files;

  @BeforeEach
  void open() throws IOException {
    index =
        TestIndex.serving(
            Map.of(
                "leaf-1.0-py3-none-any.whl",
                wheel("leaf", "1.0", "VERSION = 1\n"),
                NEW,
                newest,
                "twig-1.0-py3-none-any.whl",
                wheel("twig", "1.0", "")));
    workshop = Workshop.open(folder, Map.of("UV_DEFAULT_INDEX", index.url()));
    files = new HashMap<>();
    files.put("pyproject.toml", depends("leaf<2"));
    files.put("main.py", worker("import leaf"));
    // Creates the interpreter that uv locks for.
    workshop.build(files);
  }

  @AfterEach
  void close() throws IOException {
    workshop.close();
    index.close();
  }

  private String depends(String... dependencies) {
    return project(
        List.of(dependencies),
        "[[tool.uv.index]]\nurl = \"%s\"\ndefault = true\n".formatted(index.url()));
  }

  @Test
  void honoursALock() throws IOException {
    files.put("uv.lock", Uvs.lock(workshop, folder, files));

    var built = workshop.build(files);

    assertThat(built.packages()).isEqualTo(Map.of("leaf", "1.0"));
    assertThat(built.log()).contains("honouring uv.lock");
    assertThat(built.assembled().isLocked()).isTrue();
  }

  @Test
  void refusesALockThatPinsAnotherReleaseThanTheProjectAllows() throws IOException {
    files.put("uv.lock", Uvs.lock(workshop, folder, files));
    files.put("pyproject.toml", depends("leaf"));

    var refused = workshop.refused(files);

    assertThat(refused.code()).isEqualTo(LOCK_STALE);
    assertThat(refused.detail()).contains("uv lock");
  }

  @Test
  void needsNoFolderThatIsForOtherSystems() throws IOException {
    var declared =
        depends("leaf<2", "winthing; sys_platform == 'win32'")
            + "[tool.uv.sources]\nwinthing = { path = \"winthing\" }\n";
    files.put("pyproject.toml", declared);
    var whole = new HashMap<>(files);
    whole.put("winthing/pyproject.toml", "[project]\nname = \"winthing\"\nversion = \"0.3\"\n");
    files.put("uv.lock", Uvs.lock(workshop, folder, whole));

    var built = workshop.build(files);

    assertThat(built.packages()).isEqualTo(Map.of("leaf", "1.0"));
    assertThat(built.log()).contains("honouring uv.lock");
  }

  @Test
  void honoursAPylock() throws IOException {
    files.put("pylock.toml", Uvs.pylock(workshop, folder, files));

    var built = workshop.build(files);

    assertThat(built.packages()).isEqualTo(Map.of("leaf", "1.0"));
    assertThat(built.log()).contains("honouring pylock.toml");
    files.put("pyproject.toml", depends("leaf", "Twi_g"));
    var stale = workshop.refused(files);
    assertThat(stale.code()).isEqualTo(LOCK_STALE);
    assertThat(stale.detail()).contains("pylock.toml does not have twi-g");
  }

  @Test
  void refusesALockForOtherPlatforms() throws IOException {
    var windows = "[tool.uv]\nenvironments = [\"sys_platform == 'win32'\"]\n";
    files.put("pyproject.toml", depends("leaf") + windows);
    files.put("uv.lock", Uvs.lock(workshop, folder, files));

    assertThat(workshop.refused(files).detail()).contains("uv.lock is for other platforms only");
  }

  @Test
  void checksTheHashesOfRequirements() throws IOException {
    var hash = HexFormat.of().formatHex(Wheels.sha256(newest));
    var good = "leaf==2.0 --hash=sha256:%s\n".formatted(hash);
    var main = worker("import leaf");

    assertThat(workshop.build(Map.of("requirements.txt", good, "main.py", main)).packages())
        .isEqualTo(Map.of("leaf", "2.0"));
    var wrong = good.replace(hash.substring(0, 8), "00000000");
    assertThat(workshop.refused(Map.of("requirements.txt", wrong, "main.py", main)).detail())
        .contains("No file of leaf==2.0 has a hash");
  }
}
