package dev.hearth.build.reach;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.pack.Content;
import dev.hearth.build.reach.ImportScanner.Origin;
import dev.hearth.build.reach.ModuleImports.Unknown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImportScannerTest {

  @TempDir private Path folder;

  private ModuleImports scan(String source) throws IOException {
    return scan(source, Origin.DISTRIBUTION);
  }

  private ModuleImports scan(String source, Origin origin) throws IOException {
    return scan(source.getBytes(StandardCharsets.UTF_8), origin);
  }

  private ModuleImports scan(byte[] source, Origin origin) throws IOException {
    var file = Files.write(folder.resolve("module.py"), source);
    return ImportScanner.scan("top/inner/module.py", Content.of(file), origin);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "import a.b as c, d                              | a.b d",
        "x = 1; import a                                 | a",
        "if x: import a                                  | a",
        "from a import b as c, d                         | a a.b a.d",
        "from a import *                                 | a",
        "from . import b                                 | top.inner top.inner.b",
        "from ..c import b                               | top.c top.c.b",
        "import_module('a.b')                            | a.b",
        "importlib.import_module('.b', __package__)      | top.inner.b",
        "__import__('a' '.b')                            | a.b",
        "raise ValueError from error                     | ``",
        "def import_module(name): pass                   | ``",
        "x = 'import a'                                  | ``",
      })
  void readsImports(String source, String imports) throws IOException {
    assertThat(scan(source).imports())
        .containsExactly(imports.isEmpty() ? new String[0] : imports.split(" "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"with ", "def ", "def x:", "try:", "class x(", "suppress("})
  void readsMalformedCodeInLinearTime(String part) throws IOException {
    assertThat(scan("import a\n" + part.repeat(400_000)).name()).isEqualTo("top.inner.module");
  }

  @Test
  void doesNotReadLargeFiles() throws IOException {
    assertThat(scan("#".repeat((4 << 20) + 1)).unknown()).isEqualTo(Unknown.TOO_LARGE);
  }

  @Test
  void readsStatementsOfSeveralLines() throws IOException {
    var source =
        """
        from a import (  # why
            b,
            c as d,
        )
        import e, \\
            f
        def g():
            yield from h
        """;

    assertThat(scan(source).imports()).containsExactly("a", "a.b", "a.c", "e", "f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "if TYPE_CHECKING: import a\nimport b",
        "if typing.TYPE_CHECKING:\n    if x:\n        import a\n    import a\nimport b",
        "if TYPE_CHECKING:\n    import a\nelse:\n    import b",
        "if x:\n    import b\nelif TYPE_CHECKING:\n    import a",
        "if __name__ == '__main__':\n    import a\nimport b",
        "if x:\n    if TYPE_CHECKING:\n        import a\nimport b",
        "if not TYPE_CHECKING:\n    import b",
        "if __name__ != '__main__':\n    import b",
        "x = [1 if TYPE_CHECKING else 2]\nimport b",
        "if TYPE_CHECKING or x: import b",
      })
  void leavesOutOnlyBlocksThatNeverRun(String source) throws IOException {
    assertThat(scan(source).imports()).containsExactly("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import a                                                             | CERTAIN",
        "try: import a\\nexcept ImportError: pass                             | GUARDED",
        "try:\\n  import a\\nexcept (OSError, ModuleNotFoundError) as e:\\n  x   | GUARDED",
        "try:\\n  import a\\nexcept:\\n  x                                     | GUARDED",
        "try:\\n  x\\nexcept Exception:\\n  y\\nelse:\\n  from a import *         | GUARDED",
        "with contextlib.suppress(ImportError):\\n  import a                   | GUARDED",
        "def f(x: int = 1) -> dict[str, int]:\\n  import a                     | CALLED",
        "if x:\\n  import a                                                    | CONDITIONAL",
        "try:\\n  import a\\nexcept KeyError:\\n  x                            | CERTAIN",
        "try:\\n  import a\\nexcept ImportError as e:\\n  raise X from e         | CERTAIN",
        "try:\\n  import a\\nexcept ImportError:\\n  if x:\\n    raise\\n  raise  | CERTAIN",
        "try:\\n  import a\\nexcept ImportError:\\n  if x:\\n    raise           | CONDITIONAL",
        "try:\\n  if x:\\n    import a\\nexcept ImportError:\\n  raise           | CONDITIONAL",
        "try:\\n  import a\\nfinally:\\n  pass                                  | CERTAIN",
        "try:\\n  pass\\nfinally:\\n  import a                                  | CERTAIN",
        "with x() as y:\\n  import a                                           | CERTAIN",
        "class A(B):\\n  import a                                              | CERTAIN",
        "if x:\\n  class A:\\n    import a                                        | CONDITIONAL",
        "def f():\\n  with x:\\n    import a                                       | CALLED",
        "try:\\n  x\\nexcept ImportError:\\n  import a                         | CONDITIONAL",
        "try:\\n  import a\\nexcept ImportError:\\n  x\\nimport a              | CERTAIN",
        "def f(): import a                                                    | CALLED",
        "def f():\\n  x\\nimport a                                             | CERTAIN",
      })
  void reportsTheCertaintyOfAnImport(String source, ModuleImports.Certainty expected)
      throws IOException {
    var text = source.replace("\\n", "\n");

    assertThat(scan(text, Origin.DISTRIBUTION).certainty("a")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import_module(name)                          | NAMED_ELSEWHERE",
        "import_module(f'.{name}')                    | OWN_NAMES",
        "import_module('top.' + name)                 | OWN_NAMES",
        "import_module(name, package='top')           | OWN_NAMES",
        "import_module(f'{__name__}.{name}')          | OWN_NAMES",
        "import_module(cls.__name__)                  | NAMED_ELSEWHERE",
        "pkgutil.iter_modules(path)                   | GIVEN_LISTING",
        "pkgutil.iter_modules(__path__)               | OWN_LISTING",
        "Path(__file__).parent.glob('*.py')           | OWN_LISTING",
        "os.listdir(os.path.dirname(__file__))        | OWN_LISTING",
        "os.listdir(folder)                           | NOTHING",
        "def iter_modules(): pass                     | NOTHING",
        "print(0777)                                  | UNREADABLE",
        "x = (                                        | UNREADABLE",
      })
  void reportsWhyImportsAreUnknown(String source, Unknown unknown) throws IOException {
    assertThat(scan(source).unknown()).isEqualTo(unknown);
  }

  @Test
  void findsTextsThatMayNameModules() throws IOException {
    var source = "x = ['a.b', r'c.d:e', b'f.g', 'h i.j', 'a.' 'k', 'plain', f'l.m{n}.o']";

    assertThat(scan(source).texts()).containsExactly("a.b", "c.d", "a.k", "l.m", "top.inner.o");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entry_points(group='a.b')            | a.b",
        "iter_entry_points('a.b', name)       | a.b",
        "entry_points().select(group=x)       | *",
      })
  void findsEntryPoints(String source, String group) throws IOException {
    assertThat(scan(source).entryPointGroups()).containsExactly(group);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "import sqlite3                       | DISTRIBUTION | sqlite3",
        "from ctypes.util import find_library | DISTRIBUTION | ctypes",
        "def f(): import bz2                   | PROJECT      | bz2",
      })
  void reportsNativeLibraries(String source, Origin origin, String library) throws IOException {
    assertThat(scan(source, origin).nativeLibraries()).containsExactly(library);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "try:\n  import ctypes\nexcept ImportError:\n  pass\nimport sqlalchemy.sqlite3",
        "with suppress(ImportError):\n  import ctypes",
        "with contextlib.suppress(ImportError, OSError):\n  import ctypes",
      })
  void ignoresGuardedNativeCodeInDependencies(String source) throws IOException {
    assertThat(scan(source).nativeLibraries()).isEmpty();
  }

  @Test
  void readsOtherEncodings() throws IOException {
    var latin = "# coding: latin-1\nx = 'é'\nimport a".getBytes(StandardCharsets.ISO_8859_1);
    var marked = "\uFEFFimport a".getBytes(StandardCharsets.UTF_8);

    assertThat(scan(latin, Origin.PROJECT).imports()).containsExactly("a");
    assertThat(scan(marked, Origin.PROJECT).imports()).containsExactly("a");
  }

  static Stream<String> whatNobodyWrites() {
    return Stream.of(
        "import " + "a.".repeat(60_000) + "a",
        "from " + "a.".repeat(60_000) + "a import " + "b,".repeat(30_000) + "c",
        "x = (" + ("'" + ".{}".repeat(60) + "' ").repeat(3000) + "'!')",
        "x = (" + "'.aa' ".repeat(5000) + ")",
        "try:".repeat(10_000) + "x\nexcept ImportError: " + "a;".repeat(30_000) + "a\n");
  }

  @ParameterizedTest
  @MethodSource("whatNobodyWrites")
  void skipsLongTextsInLinearTime(String source) throws IOException {
    var scanned = scan(source, Origin.PROJECT);

    assertThat(scanned.imports()).isEmpty();
    assertThat(scanned.texts()).isEmpty();
  }
}
