package dev.hearth.build.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.reach.ImportScanner.Origin;
import dev.hearth.build.reach.Needs.Lack;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NeedsTest {

  @TempDir Path folder;

  private ModuleImports module(Origin origin, String path, String source) {
    return new Sources(folder).module(origin, path, source);
  }

  private Distribution distribution(
      String name, Map<String, String> files, String... lackedModules) {
    return new Distribution(
        name,
        files.entrySet().stream()
            .map(file -> module(Origin.DISTRIBUTION, file.getKey(), file.getValue()))
            .toList(),
        List.of(),
        List.of(lackedModules),
        Map.of(),
        List.of());
  }

  private Needs needs(String main, Distribution... distributions) {
    return Needs.of(
        List.of(module(Origin.PROJECT, "main.py", main)), List.of(distributions), Set.of());
  }

  private Distribution fast() {
    return distribution("fast", Map.of("fast/__init__.py", "from ._fast import *"), "fast._fast");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "import fast",
        "import lib.user",
        "def f():\n  import fast",
        "def f():\n  from fast import _fast",
        "if x:\n  from fast import x",
        "try:\n  import fast\nexcept Exception:\n  print(1)",
      })
  void findsMissingNativeModules(String main) {
    var lib = distribution("lib", Map.of("lib/__init__.py", "", "lib/user.py", "import fast"));
    var needs = needs(main, lib, fast());

    assertThat(needs.of("main")).extracting(Lack::module).containsExactly("fast._fast");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "import lib",
        "try:\n  import fast\nexcept ImportError:\n  fast = None",
        "try:\n  import fast\nexcept ImportError:\n  pass\nelse:\n  import lib.user",
      })
  void ignoresGuardedImports(String main) {
    var lib =
        distribution(
            "lib",
            Map.of(
                "lib/__init__.py",
                "def f():\n  import fast\nif x:\n  import fast",
                "lib/user.py",
                "import fast"));

    assertThat(needs(main, lib, fast()).of("main")).isEmpty();
  }

  @Test
  void findsOwnNativeModulesImportedInFunctions() {
    var lazy = distribution("lazy", Map.of("lazy.py", "def f():\n  import _lazy"), "_lazy");

    assertThat(needs("import lazy", lazy).of("main"))
        .containsExactly(new Lack("lazy", "_lazy", "lazy"));
  }

  @Test
  void findsOwnModulesImportedInABlock() {
    var big =
        distribution(
            "big",
            Map.of(
                "big/__init__.py",
                "if x:\n  from . import core",
                "big/core.py",
                "from . import _c"),
            "big._c");

    assertThat(needs("import big", big).of("main")).extracting(Lack::module).contains("big._c");
  }

  @Test
  void knowsDistributionsThatWorkWithoutNativeModules() {
    var optional =
        distribution(
            "optional",
            Map.of("optional.py", "try:\n  import _optional\nexcept ImportError:\n  pass"),
            "_optional");
    var needs = needs("", fast(), optional);

    assertThat(needs.isOfUse(fast())).isFalse();
    assertThat(needs.isOfUse(optional)).isTrue();
    assertThat(needs.isOfUse(distribution("bare", Map.of(), "bare"))).isFalse();
  }

  @Test
  void findsNativeLibrariesOnlyWhereTheyAreCertain() {
    var lib =
        distribution(
            "lib",
            Map.of(
                "lib/__init__.py", "if WINDOWS:\n  from . import console",
                "lib/console.py", "import ctypes",
                "lib/data.py", "import sqlite3"));

    assertThat(needs("import lib", lib).nativeLibraries("main")).isEmpty();
    assertThat(needs("import lib.data", lib).nativeLibraries("main"))
        .containsExactly(Map.entry("lib.data", "sqlite3"));
    assertThat(needs("x = 'lib.data'", lib).nativeLibraries("main")).containsKey("lib.data");
  }
}
