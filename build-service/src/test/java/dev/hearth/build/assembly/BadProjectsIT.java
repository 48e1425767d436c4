package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static dev.hearth.contracts.ErrorCode.DEPENDENCY_UNINSTALLABLE;
import static dev.hearth.contracts.ErrorCode.DEPENDENCY_UNRESOLVED;
import static dev.hearth.contracts.ErrorCode.ENTRY_AMBIGUOUS;
import static dev.hearth.contracts.ErrorCode.ENTRY_NOT_FOUND;
import static dev.hearth.contracts.ErrorCode.LOCK_STALE;
import static dev.hearth.contracts.ErrorCode.PROJECT_INVALID;
import static dev.hearth.contracts.ErrorCode.PYTHON_INCOMPATIBLE;
import static dev.hearth.contracts.ErrorCode.START_FAILED;
import static dev.hearth.contracts.ErrorCode.SYNTAX_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that invalid and hostile uploads are refused with a code and a reason. */
class BadProjectsIT {

  private static final String HELLO = worker("");
  private static final String LOCK =
      """
      version = 1
      revision = 3
      requires-python = ">=3.12"

      [[package]]
      name = "x"
      version = "1.2"
      source = { virtual = "." }
      """;

  @TempDir private static Path folder;

  private static Workshop workshop;

  @BeforeAll
  static void open() throws IOException {
    workshop = Workshop.open(folder);
  }

  @AfterAll
  static void close() throws IOException {
    workshop.close();
  }

  record Bad(String what, Map<String, String> files, ErrorCode code, String part) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Bad bad(String what, String pyproject, ErrorCode code, String part) {
    return new Bad(what, Map.of("pyproject.toml", pyproject, "main.py", HELLO), code, part);
  }

  private static Bad code(String what, String main, ErrorCode code, String part) {
    return new Bad(what, Map.of("pyproject.toml", project(), "main.py", main), code, part);
  }

  static Stream<Bad> badProjects() {
    return Stream.of(
        bad("no TOML", "[project\n", PROJECT_INVALID, "not valid TOML"),
        bad("no project", "[tool.x]\n", PROJECT_INVALID, "[project] table"),
        bad(
            "groups of another type",
            project(List.of(), "[tool.hearth.build]\ngroups = \"all\"\n"),
            PROJECT_INVALID,
            "groups must be a list"),
        bad(
            "a member that is not there",
            project(List.of(), "[tool.hearth.build]\npackage = \"absent\"\n"),
            PROJECT_INVALID,
            "package is \"absent\""),
        bad(
            "a folder outside of the upload",
            project(List.of("lib"), "[tool.uv.sources]\nlib = { path = \"../lib\" }\n"),
            DEPENDENCY_UNRESOLVED,
            "lib"),
        bad(
            "an index that does not answer",
            project(
                List.of("idna"),
                "[[tool.uv.index]]\nurl = \"http://127.0.0.1:1/\"\ndefault = true\n"),
            DEPENDENCY_UNRESOLVED,
            "127.0.0.1:1"),
        bad(
            "a package that no index has",
            project("no-such-project-on-any-index-1"),
            DEPENDENCY_UNRESOLVED,
            "no-such-project-on-any-index-1"),
        bad(
            "another Python",
            project().replace("3.12", "3.13"),
            PYTHON_INCOMPATIBLE,
            "widen requires-python"),
        bad(
            "a source distribution by its address",
            project("pyyaml @ http://127.0.0.1:9/pyyaml-6.0.tar.gz"),
            DEPENDENCY_UNINSTALLABLE,
            "pyyaml comes from an address"),
        code("no entry", "x = 1\n", ENTRY_NOT_FOUND, "[tool.hearth] entry"),
        code(
            "code for JavaScript",
            worker("from js import fetch"),
            START_FAILED,
            "Use `from workers import"),
        code("code that is none", "def broken(:\n", SYNTAX_ERROR, "main.py, line 1"),
        new Bad(
            "two entries",
            Map.of(
                "pyproject.toml",
                project(),
                "main.py",
                "app = FastAPI()\n",
                "handler.py",
                "def handler(event, context): pass\n"),
            ENTRY_AMBIGUOUS,
            "main:app, handler:handler"),
        new Bad(
            "an entry that neither the code nor a dependency has",
            Map.of(
                "pyproject.toml",
                project(List.of(), "[tool.hearth]\nentry = \"mian:Default\"\n"),
                "main.py",
                HELLO),
            ENTRY_NOT_FOUND,
            "neither the upload nor a dependency has a module mian. The upload has \"main:Default\" (main.py)"),
        new Bad(
            "a stale lock",
            Map.of("pyproject.toml", project("idna"), "uv.lock", LOCK, "main.py", HELLO),
            LOCK_STALE,
            "uv lock"));
  }

  @ParameterizedTest
  @MethodSource("badProjects")
  void saysWhyAProjectCannotBeBuilt(Bad bad) {
    var refused = workshop.refused(bad.files());

    assertThat(refused.code()).isEqualTo(bad.code());
    assertThat(refused.detail()).contains(bad.part());
  }

  @Test
  void refusesTomlThatIsNotUtf8() {
    var latin = new String(new byte[] {'#', ' ', (byte) 0xff, '\n'}, StandardCharsets.ISO_8859_1);

    var refused =
        workshop.refusedBytes(
            Map.of("pyproject.toml", latin.getBytes(StandardCharsets.ISO_8859_1)));

    assertThat(refused.detail()).contains("not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name | six\\n-r /etc/passwd\\nsix",
        "version | 1.17.0 --extra-index-url http://127.0.0.1",
        "marker | python_version > '3' --hash=sha256:00\\n-r /etc/passwd\\nsix==1",
        "marker | python_version > '3' --hash=sha256:00"
      },
      quoteCharacter = '`')
  void refusesAPylockWithInjectedLines(String field, String value) {
    var given =
        new TreeMap<>(Map.of("name", "six", "version", "1.17.0", "marker", "python_version > '3'"));
    given.put(field, value);
    var lock = new StringBuilder("lock-version = \"1.0\"\ncreated-by = \"x\"\n[[packages]]\n");
    given.forEach((key, text) -> lock.append("%s = \"%s\"\n".formatted(key, text)));
    lock.append(
        "wheels = [{ url = \"https://example.com/six-1.17.0-py2.py3-none-any.whl\", hashes = { sha256 = \"%s\" } }]\n"
            .formatted("0".repeat(64)));

    var refused =
        workshop.refused(
            Map.of(
                "pyproject.toml", project("six"),
                "pylock.toml", lock.toString(),
                "main.py", HELLO));

    assertThat(refused.code()).isEqualTo(PROJECT_INVALID);
    assertThat(refused.detail()).contains("pylock.toml has an invalid %s: ".formatted(field));
  }
}
