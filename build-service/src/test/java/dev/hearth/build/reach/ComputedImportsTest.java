package dev.hearth.build.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.reach.ImportScanner.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests imports whose names are computed. */
class ComputedImportsTest {

  private Sources sources;

  @BeforeEach
  void sources(@TempDir Path folder) {
    sources = new Sources(folder);
  }

  @Test
  void keepsAWholePackageThatComputesItsOwnNames() {
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
        sources.follow(
            "import lazy",
            sources.distribution("lazy", lazy),
            sources.distribution("other", Map.of("other.py", "")));

    assertThat(result.leftOut()).isEmpty();
    assertThat(result.reached()).containsExactlyInAnyOrder("lazy", "other");
    assertThat(result.undecided()).containsOnlyKeys("lazy");
  }

  @Test
  void followsNamesThatALazyPackageLists() {
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

    var result = sources.follow("import lazy", sources.distribution("lazy", lazy));

    assertThat(result.importedBy()).containsKey("lazy.one");
    assertThat(result.leftOut()).containsExactly("lazy/old.py");
  }

  /** Follows a module with a text, and one that imports names that callers pass. */
  private Closure.Result followText(String text) {
    return sources.follow(
        "import user",
        sources.distribution("user", Map.of("user.py", "import importer\n" + text)),
        sources.distribution(
            "importer", Map.of("importer.py", "def load(name): return __import__(name)")),
        sources.distribution("lib", Sources.LIBRARY));
  }

  @Test
  void treatsTextsAsModulesOnceAModuleImportsGivenNames() {
    var result = followText("DEFAULT = 'lib.c'");

    assertThat(result.importedBy()).containsEntry("lib.c", "user");
    assertThat(result.leftOut()).containsExactly("lib/a.py", "lib/b.py");
  }

  @Test
  void followsTheModuleInADottedFunctionName() {
    var result = followText("HOOK = 'lib.c.function'");

    assertThat(result.importedBy()).containsEntry("lib.c", "user");
  }

  @Test
  void keepsAWholePackageThatATextOfTheProjectNames() {
    var result =
        sources.follow("INSTALLED = ['lib']", sources.distribution("lib", Sources.LIBRARY));

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

    var result = sources.follow("import app.plugins", sources.distribution("app", plugins));

    assertThat(result.importedBy()).containsKey("app.plugins.one");
    assertThat(result.leftOut()).containsExactly("app/other.py");
  }

  @Test
  void keepsPackagesNamedToAModuleThatListsFolders() {
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

    var result = sources.follow("import fake", sources.distribution("fake", fake));

    assertThat(result.importedBy()).containsKeys("fake.providers.color", "fake.base");
    assertThat(result.leftOut()).containsExactly("fake/other.py");
  }

  @Test
  void keepsAPackageWhoseModuleNamesBeginInAText() {
    var docs =
        Map.of(
            "docs/__init__.py", "class Importer:\n  packages = ('docs.languages.', '')",
            "docs/loading.py", "import importlib\nimportlib.import_module(name)",
            "docs/languages/__init__.py", "",
            "docs/languages/de.py", "",
            "docs/other.py", "");

    var result = sources.follow("import docs.loading", sources.distribution("docs", docs));

    assertThat(result.importedBy()).containsKey("docs.languages.de");
    assertThat(result.leftOut()).containsExactly("docs/other.py");
  }

  @Test
  void keepsAPackageWhoseModuleNamesAreConcatenated() {
    var formats =
        Map.of(
            "web/__init__.py", "import importlib\nimportlib.import_module('%s.formats' % given)",
            "web/formats.py", "WHERE = ['web.locale.%s', 'web.locale.{lang}.formats']",
            "web/locale/__init__.py", "",
            "web/locale/de/__init__.py", "",
            "web/locale/de/formats.py", "",
            "web/other.py", "");

    var result = sources.follow("import web.formats", sources.distribution("web", formats));

    assertThat(result.importedBy()).containsKey("web.locale.de.formats");
    assertThat(result.leftOut()).containsExactly("web/other.py");
  }

  @Test
  void keepsAPackageNamedByOneThatListsOthers() {
    var web =
        Map.of(
            "web/__init__.py", "",
            "web/template/backend.py",
                "TAGS = ['web.templatetags']\nfor found in pkgutil.walk_packages(package.__path__): pass",
            "web/template/__init__.py", "",
            "web/templatetags/__init__.py", "",
            "web/templatetags/l10n.py", "",
            "web/other.py", "");

    var result = sources.follow("import web.template.backend", sources.distribution("web", web));

    assertThat(result.importedBy()).containsKey("web.templatetags.l10n");
    assertThat(result.leftOut()).containsExactly("web/other.py");
  }

  @Test
  void keepsSiblingsOfAModuleThatComputesRelativeNames() {
    var regions =
        Map.of(
            "phones/__init__.py", "from . import data",
            "phones/data/__init__.py",
                "__import__('region_%s' % code, globals(), locals(), fromlist=[code], level=1)",
            "phones/data/region_DE.py", "",
            "phones/other.py", "");

    var result = sources.follow("import phones", sources.distribution("phones", regions));

    assertThat(result.importedBy()).containsKey("phones.data.region_DE");
    assertThat(result.leftOut()).containsExactly("phones/other.py");
  }

  @Test
  void treatsTextsOfTheProjectAsModules() {
    var result =
        sources.follow(
            "INSTALLED = ['lib.a', 'plain']",
            sources.distribution("lib", Sources.LIBRARY),
            sources.distribution("plain", Map.of("plain/__init__.py", "")));

    assertThat(result.importedBy()).containsKeys("lib.a", "plain");
  }

  @Test
  void followsProjectModulesNamedToAModuleThatListsFolders() {
    var main = "import loading\nPLUGINS = ['plugins']";
    var loading = "import pkgutil\ndef found(package): pkgutil.iter_modules(package.__path__)";

    var result =
        Closure.follow(
            "main",
            List.of(
                sources.module(Origin.PROJECT, "main.py", main),
                sources.module(Origin.PROJECT, "loading.py", loading),
                sources.module(Origin.PROJECT, "plugins/__init__.py", ""),
                sources.module(Origin.PROJECT, "plugins/one.py", "import lib.a")),
            List.of(sources.distribution("lib", Sources.LIBRARY)),
            _ -> false);

    assertThat(result.importedBy()).containsEntry("lib.a", "plugins.one");
  }

  @Test
  void keepsThePackageNamedByAModuleThatComputesNames() {
    var records =
        Map.of(
            "dns/__init__.py", "",
            "dns/rdata.py",
                "PREFIX = 'dns.types'\nimportlib.import_module('.'.join(['dns', PREFIX, name]))",
            "dns/types/__init__.py", "",
            "dns/types/mx.py", "",
            "dns/other.py", "");

    var result = sources.follow("import dns.rdata", sources.distribution("dns", records));

    assertThat(result.importedBy()).containsKey("dns.types.mx");
    assertThat(result.leftOut()).containsExactly("dns/other.py");
  }

  @Test
  void keepsADistributionThatAddsItsFolderToThePath() {
    var tools =
        Map.of(
            "resources/__init__.py",
                "sys.path.extend([os.path.join(os.path.dirname(__file__), 'x')])",
            "tools/vendor/packaging/__init__.py", "");

    var result = sources.follow("import resources", sources.distribution("tools", tools));

    assertThat(result.leftOut()).isEmpty();
  }

  @Test
  void keepsCodeThatIsPackageData() {
    var migrations =
        Map.of(
            "migrations/__init__.py", "",
            "migrations/templates/generic/env.py", "",
            "migrations/other.py", "");

    var result =
        sources.follow("import migrations", sources.distribution("migrations", migrations));

    assertThat(result.leftOut()).containsExactly("migrations/other.py");
  }
}
