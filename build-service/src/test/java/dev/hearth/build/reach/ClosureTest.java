package dev.hearth.build.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.reach.ImportScanner.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosureTest {

  private Sources sources;

  @BeforeEach
  void sources(@TempDir Path folder) {
    sources = new Sources(folder);
  }

  @Test
  void followsImportsAndLeavesOutUnreachedModules() {
    var result = sources.follow("import lib.b", sources.distribution("lib", Sources.LIBRARY));

    assertThat(result.importedBy())
        .containsEntry("lib", "main")
        .containsEntry("lib.b", "main")
        .containsEntry("lib.a", "lib.b");
    assertThat(result.leftOut()).containsExactly("lib/c.py");
  }

  @Test
  void dropsUnreachedDistributions() {
    var result =
        sources.follow(
            "import lib.c",
            sources.distribution("lib", Sources.LIBRARY),
            sources.distribution("gunicorn", Map.of("gunicorn/__init__.py", "")));

    assertThat(result.reached()).containsExactly("lib");
  }

  @Test
  void followsBothBranchesButNotTypeCheckingOrMain() {
    var result =
        sources.follow(
            """
            from typing import TYPE_CHECKING
            try:
                import fast
            except ImportError:
                import slow
            if TYPE_CHECKING:
                import stubs
            if __name__ == "__main__":
                import server
            """,
            sources.distribution("fast", Map.of("fast.py", "")),
            sources.distribution("slow", Map.of("slow.py", "")),
            sources.distribution("stubs", Map.of("stubs.py", "")),
            sources.distribution("server", Map.of("server.py", "")));

    assertThat(result.reached()).containsExactlyInAnyOrder("fast", "slow");
  }

  @Test
  void followsImportsByConstantName() {
    var result =
        sources.follow(
            """
            import importlib
            def late():
                importlib.import_module("lib.a")
                __import__("lib.c")
            """,
            sources.distribution("lib", Sources.LIBRARY));

    assertThat(result.importedBy()).containsKeys("lib.a", "lib.c");
    assertThat(result.undecided()).isEmpty();
  }

  @Test
  void followsEntryPointsOfAGroupThatIsLoaded() {
    var plugin =
        sources.distribution(
            "plugin",
            Map.of("plugin/__init__.py", "", "plugin/hook.py", ""),
            Map.of(
                "app.plugins", List.of("plugin.hook:register"), "console_scripts", List.of("x:y")));

    assertThat(
            sources
                .follow(
                    "from importlib.metadata import entry_points\nentry_points(group='app.plugins')",
                    plugin)
                .importedBy())
        .containsKey("plugin.hook");
    assertThat(
            sources
                .follow(
                    "from importlib.metadata import entry_points\nentry_points(group='z')", plugin)
                .reached())
        .isEmpty();
  }

  @Test
  void keepsEverythingThatNativeCodeMayImport() {
    var core =
        new Distribution(
            "core",
            List.of(
                sources.module(Origin.DISTRIBUTION, "core/__init__.py", "from ._core import x")),
            List.of("core/_core.graalpy250-312-native-x86_64-linux.so"),
            List.of(),
            Map.of(),
            List.of("lib"));

    var result = sources.follow("import core", core, sources.distribution("lib", Sources.LIBRARY));

    assertThat(result.importedBy()).containsKeys("core._core", "lib.a", "lib.b", "lib.c");
  }

  @Test
  void keepsWhatTheProjectKeeps() {
    var result =
        Closure.follow(
            "main",
            List.of(sources.module(Origin.PROJECT, "main.py", "import lib")),
            List.of(sources.distribution("lib", Sources.LIBRARY)),
            path -> path.equals("lib/c.py"));

    assertThat(result.leftOut()).containsExactly("lib/a.py", "lib/b.py");
  }

  @Test
  void toleratesCodeForAnotherPython() {
    var result =
        sources.follow("import old", sources.distribution("old", Map.of("old.py", "print 0777")));

    assertThat(result.undecided().get("old")).contains("cannot be parsed");
  }

  @Test
  void endsWithCycles() {
    var result =
        sources.follow(
            "import one",
            sources.distribution("cycle", Map.of("one.py", "import two", "two.py", "import one")));

    assertThat(result.importedBy()).containsKeys("one", "two");
  }
}
