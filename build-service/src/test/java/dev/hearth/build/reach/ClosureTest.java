package dev.hearth.build.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ImportScanner.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClosureTest {

  @TempDir Path folder;

  private ModuleImports module(Origin origin, String path, String source) {
    try {
      var file = folder.resolve(origin.name()).resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
      return ImportScanner.scan(path, Content.of(file), origin);
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }

  private Distribution distribution(String name, Map<String, String> files) {
    return distribution(name, files, Map.of());
  }

  private Distribution distribution(
      String name, Map<String, String> files, Map<String, List<String>> entryPoints) {
    var modules = new ArrayList<ModuleImports>();
    files.forEach((path, source) -> modules.add(module(Origin.DISTRIBUTION, path, source)));
    return new Distribution(name, modules, List.of(), List.of(), entryPoints, List.of());
  }

  private Closure.Result follow(String main, Distribution... distributions) {
    return Closure.follow(
        "main",
        List.of(module(Origin.PROJECT, "main.py", main)),
        List.of(distributions),
        _ -> false);
  }

  private static final Map<String, String> LIBRARY =
      Map.of("lib/__init__.py", "", "lib/a.py", "", "lib/b.py", "from . import a", "lib/c.py", "");

  @Test
  void followsImportsAndLeavesOutWhatNothingLeadsTo() {
    var result = follow("import lib.b", distribution("lib", LIBRARY));

    assertThat(result.importedBy())
        .containsEntry("lib", "main")
        .containsEntry("lib.b", "main")
        .containsEntry("lib.a", "lib.b");
    assertThat(result.leftOut()).containsExactly("lib/c.py");
  }

  @Test
  void dropsWholeDistributionsThatNothingLeadsTo() {
    var result =
        follow(
            "import lib.c",
            distribution("lib", LIBRARY),
            distribution("gunicorn", Map.of("gunicorn/__init__.py", "")));

    assertThat(result.reached()).containsExactly("lib");
  }

  @Test
  void takesBothBranchesOfAConditionButNoTypeCheckingAndNoMain() {
    var result =
        follow(
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
            distribution("fast", Map.of("fast.py", "")),
            distribution("slow", Map.of("slow.py", "")),
            distribution("stubs", Map.of("stubs.py", "")),
            distribution("server", Map.of("server.py", "")));

    assertThat(result.reached()).containsExactlyInAnyOrder("fast", "slow");
  }

  @Test
  void followsImportsByConstantName() {
    var result =
        follow(
            """
            import importlib
            def late():
                importlib.import_module("lib.a")
                __import__("lib.c")
            """,
            distribution("lib", LIBRARY));

    assertThat(result.importedBy()).containsKeys("lib.a", "lib.c");
    assertThat(result.undecided()).isEmpty();
  }

  @Test
  void keepsAPackageWholeWhenItComputesNamesOfItsOwn() {
    var lazy =
        Map.of(
            "lazy/__init__.py",
            """
            from importlib import import_module
            def __getattr__(name):
                return import_module("." + name, __name__)
            """,
            "lazy/one.py",
            "",
            "lazy/two.py",
            "import other");

    var result =
        follow(
            "import lazy",
            distribution("lazy", lazy),
            distribution("other", Map.of("other.py", "")));

    assertThat(result.leftOut()).isEmpty();
    assertThat(result.reached()).containsExactlyInAnyOrder("lazy", "other");
    assertThat(result.undecided()).containsOnlyKeys("lazy");
  }

  @Test
  void takesTheNamesThatALazyPackageLists() {
    var lazy =
        Map.of(
            "lazy/__init__.py",
            """
            from importlib import import_module
            WHERE = {"One": (__spec__.parent, ".one")}
            def __getattr__(name):
                package, module = WHERE[name]
                return import_module(module, package=package)
            """,
            "lazy/one.py",
            "",
            "lazy/old.py",
            "");

    var result = follow("import lazy", distribution("lazy", lazy));

    assertThat(result.importedBy()).containsKey("lazy.one");
    assertThat(result.leftOut()).containsExactly("lazy/old.py");
  }

  /** Follows a module with a text beside one that imports by the names that it is given. */
  private Closure.Result followText(String text) {
    return follow(
        "import user",
        distribution("user", Map.of("user.py", "import importer\n" + text)),
        distribution("importer", Map.of("importer.py", "def load(name): return __import__(name)")),
        distribution("lib", LIBRARY));
  }

  @Test
  void takesTextsForModulesOnceSomebodyImportsByGivenNames() {
    var result = followText("DEFAULT = 'lib.c'");

    assertThat(result.importedBy()).containsEntry("lib.c", "user");
    assertThat(result.leftOut()).containsExactly("lib/a.py", "lib/b.py");
  }

  @Test
  void takesTheModuleInTheNameOfAFunction() {
    var result = followText("HOOK = 'lib.c.function'");

    assertThat(result.importedBy()).containsEntry("lib.c", "user");
  }

  @Test
  void keepsAPackageWholeThatAProjectsTextNames() {
    var result = follow("INSTALLED = ['lib']", distribution("lib", LIBRARY));

    assertThat(result.leftOut()).isEmpty();
  }

  @Test
  void keepsAPackageWhoseFolderIsListed() {
    var plugins =
        Map.of(
            "app/__init__.py", "",
            "app/plugins/__init__.py", "import pkgutil\npkgutil.iter_modules(__path__)",
            "app/plugins/one.py", "",
            "app/other.py", "");

    var result = follow("import app.plugins", distribution("app", plugins));

    assertThat(result.importedBy()).containsKey("app.plugins.one");
    assertThat(result.leftOut()).containsExactly("app/other.py");
  }

  @Test
  void keepsPackagesThatAreNamedForOneThatListsFolders() {
    var fake =
        Map.of(
            "fake/__init__.py", "from fake import config",
            "fake/config.py", "from fake.utils.loading import found\nfound(['fake.providers'])",
            "fake/utils/__init__.py", "",
            "fake/utils/loading.py", "import pkgutil\ndef found(path): pkgutil.iter_modules(path)",
            "fake/providers/__init__.py", "",
            "fake/providers/color/__init__.py", "from fake.base import Base",
            "fake/base.py", "",
            "fake/other.py", "");

    var result = follow("import fake", distribution("fake", fake));

    assertThat(result.importedBy()).containsKeys("fake.providers.color", "fake.base");
    assertThat(result.leftOut()).containsExactly("fake/other.py");
  }

  @Test
  void keepsAPackageWhoseModulesNamesBeginInAText() {
    var docs =
        Map.of(
            "docs/__init__.py", "class Importer:\n  packages = ('docs.languages.', '')",
            "docs/loading.py", "import importlib\nimportlib.import_module(name)",
            "docs/languages/__init__.py", "",
            "docs/languages/de.py", "",
            "docs/other.py", "");

    var result = follow("import docs.loading", distribution("docs", docs));

    assertThat(result.importedBy()).containsKey("docs.languages.de");
    assertThat(result.leftOut()).containsExactly("docs/other.py");
  }

  @Test
  void keepsAPackageWhoseModulesNamesArePutTogether() {
    var formats =
        Map.of(
            "web/__init__.py", "import importlib\nimportlib.import_module('%s.formats' % given)",
            "web/formats.py", "WHERE = ['web.locale.%s', 'web.locale.{lang}.formats']",
            "web/locale/__init__.py", "",
            "web/locale/de/__init__.py", "",
            "web/locale/de/formats.py", "",
            "web/other.py", "");

    var result = follow("import web.formats", distribution("web", formats));

    assertThat(result.importedBy()).containsKey("web.locale.de.formats");
    assertThat(result.leftOut()).containsExactly("web/other.py");
  }

  @Test
  void keepsAPackageThatOneNamesWhichListsOthers() {
    var web =
        Map.of(
            "web/__init__.py", "",
            "web/template/backend.py",
                "TAGS = ['web.templatetags']\nfor found in pkgutil.walk_packages(package.__path__): pass",
            "web/template/__init__.py", "",
            "web/templatetags/__init__.py", "",
            "web/templatetags/l10n.py", "",
            "web/other.py", "");

    var result = follow("import web.template.backend", distribution("web", web));

    assertThat(result.importedBy()).containsKey("web.templatetags.l10n");
    assertThat(result.leftOut()).containsExactly("web/other.py");
  }

  @Test
  void keepsWhatLiesBesideAModuleThatImportsRelativelyByComputedNames() {
    var regions =
        Map.of(
            "phones/__init__.py", "from . import data",
            "phones/data/__init__.py",
                "__import__('region_%s' % code, globals(), locals(), fromlist=[code], level=1)",
            "phones/data/region_DE.py", "",
            "phones/other.py", "");

    var result = follow("import phones", distribution("phones", regions));

    assertThat(result.importedBy()).containsKey("phones.data.region_DE");
    assertThat(result.leftOut()).containsExactly("phones/other.py");
  }

  @Test
  void takesTextsOfTheProjectForModules() {
    var result =
        follow(
            "INSTALLED = ['lib.a', 'plain']",
            distribution("lib", LIBRARY),
            distribution("plain", Map.of("plain/__init__.py", "")));

    assertThat(result.importedBy()).containsKeys("lib.a", "plain");
  }

  @Test
  void followsEntryPointsOfAGroupThatIsLoaded() {
    var plugin =
        distribution(
            "plugin",
            Map.of("plugin/__init__.py", "", "plugin/hook.py", ""),
            Map.of(
                "app.plugins", List.of("plugin.hook:register"), "console_scripts", List.of("x:y")));

    assertThat(
            follow(
                    "from importlib.metadata import entry_points\nentry_points(group='app.plugins')",
                    plugin)
                .importedBy())
        .containsKey("plugin.hook");
    assertThat(
            follow("from importlib.metadata import entry_points\nentry_points(group='z')", plugin)
                .reached())
        .isEmpty();
  }

  @Test
  void keepsWhatNativeCodeMayImport() {
    var core =
        new Distribution(
            "core",
            List.of(module(Origin.DISTRIBUTION, "core/__init__.py", "from ._core import x")),
            List.of("core/_core.graalpy250-312-native-x86_64-linux.so"),
            List.of(),
            Map.of(),
            List.of("lib"));

    var result = follow("import core", core, distribution("lib", LIBRARY));

    assertThat(result.importedBy()).containsKeys("core._core", "lib.a", "lib.b", "lib.c");
  }

  @Test
  void keepsWhatTheProjectSays() {
    var result =
        Closure.follow(
            "main",
            List.of(module(Origin.PROJECT, "main.py", "import lib")),
            List.of(distribution("lib", LIBRARY)),
            path -> path.equals("lib/c.py"));

    assertThat(result.leftOut()).containsExactly("lib/a.py", "lib/b.py");
  }

  @Test
  void doesNotStumbleOverCodeOfAnotherPython() {
    var result = follow("import old", distribution("old", Map.of("old.py", "print 0777")));

    assertThat(result.undecided().get("old")).contains("cannot be parsed");
  }

  @Test
  void endsWithCycles() {
    var result =
        follow(
            "import one",
            distribution("cycle", Map.of("one.py", "import two", "two.py", "import one")));

    assertThat(result.importedBy()).containsKeys("one", "two");
  }
}
