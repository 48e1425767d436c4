package dev.hearth.build.assembly;

import static dev.hearth.build.assembly.Projects.project;
import static dev.hearth.build.assembly.Projects.worker;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that declarations which pip and uv accept are built, and that the log names unread ones.
 */
class DeclarationsIT {

  private static final String HELLO = worker("import idna");

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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|''",
        "[tool.ruff]~line-length = 100|''",
        "[tool.poetry.dependencies]~flask = '*'|of [tool.poetry] in pyproject.toml are not read",
        "[[tool.uv.index]]~url = 'https://x.example'|of [tool.uv] in pyproject.toml are not read",
      })
  void takesRequirementsBesideAPyprojectForTools(String pyproject, String said) throws IOException {
    var own = pyproject.replace("~", "\n");

    var built =
        workshop.build(
            Map.of("pyproject.toml", own, "requirements.txt", "idna\n", "main.py", HELLO));

    assertThat(built.packages()).containsOnlyKeys("idna");
    assertThat(String.join("\n", built.log())).contains(said);
    assertThat(built.files()).containsEntry("pyproject.toml", own);
  }

  @ParameterizedTest
  @CsvSource({
    "requirements.txt, requirements.txt is not read",
    "other.txt, ''",
  })
  void saysThatRequirementsBesideAProjectAreNotRead(String file, String said) throws IOException {
    var built =
        workshop.build(
            Map.of(
                "pyproject.toml",
                "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.12'\n",
                file,
                "idna\n",
                "main.py",
                worker("")));

    assertThat(built.packages()).isEmpty();
    assertThat(String.join("\n", built.log())).contains(said);
    assertThat(built.log().stream().filter(line -> line.startsWith("warning: ")))
        .hasSize(said.isEmpty() ? 0 : 1);
  }

  @Test
  void readsRequirementsAndSourcesInTheirEncodings() throws IOException {
    var latin = "# -*- coding: latin-1 -*-\n";

    var built =
        workshop.buildBytes(
            Map.of(
                "requirements.txt",
                "\uFEFFidna\r\n-r more.txt # \u00e9\r\n".getBytes(UTF_16LE),
                "more.txt",
                (latin + "six # \u00e9\n").getBytes(ISO_8859_1),
                "main.py",
                (latin + HELLO + "NAME = '\u00e9'\n").getBytes(ISO_8859_1)));

    assertThat(built.packages()).containsOnlyKeys("idna", "six");
  }

  @ParameterizedTest
  @ValueSource(strings = {"uv_build>=0.13.9,<0.14.0", "uv_build>=0.8,<0.9", "uv-build"})
  void buildsWithUvsOwnBackend(String required) throws IOException {
    var built =
        workshop.build(
            Map.of(
                "pyproject.toml",
                project(
                    List.of(),
                    """
                    [project.scripts]
                    x = "x:main"
                    [build-system]
                    requires = ["%s"]
                    build-backend = "uv_build"
                    """
                        .formatted(required)),
                "src/x/__init__.py",
                "def main(): pass\n",
                "src/x/main.py",
                worker("")));

    assertThat(built.report().entry()).isEqualTo("x.main:Default");
  }

  @Test
  void needsNoFolderThatIsForOtherSystems() throws IOException {
    var declared =
        project(
            List.of("idna", "winthing; sys_platform == 'win32'"),
            "[tool.uv.sources]\nwinthing = { path = \"winthing\" }\n");

    var built = workshop.build(Map.of("pyproject.toml", declared, "main.py", HELLO));

    assertThat(built.packages()).containsOnlyKeys("idna");
  }

  @ParameterizedTest
  @CsvSource({
    "platform/__init__.py, platform/",
    "signal.py, signal.py",
    "src/token.py, src/token.py"
  })
  void warnsOfModulesThatTheStandardLibraryHides(String file, String named) throws IOException {
    var module = named.replaceAll("^src/|/$|\\.py$", "");

    var built =
        workshop.build(
            Map.of("pyproject.toml", project(), file, "", "main.py", worker("import " + module)));

    assertThat(built.log())
        .anyMatch(line ->
            line.startsWith("warning: %s has the name of a module of the".formatted(named)));
  }

  @Test
  void keepsWhatAProjectMayRead() throws IOException {
    var built =
        workshop.buildBytes(
            Map.of(
                "pyproject.toml", project().getBytes(UTF_8),
                "docs/help.md", new byte[0],
                "examples/seed.json", new byte[0],
                ".env", new byte[0],
                "conftest.py", new byte[0],
                "main.py", worker("").getBytes(UTF_8)));

    assertThat(built.files())
        .containsKeys("docs/help.md", "examples/seed.json")
        .doesNotContainKeys(".env", "conftest.py");
    assertThat(built.log())
        .anyMatch(line ->
            line.startsWith("left out of your own files, by rule: secrets (1), tests (1)."));
  }

  @Test
  void beginsTheChainOfAMembersDependencyWithTheMember() throws IOException {
    var built =
        workshop.build(
            Map.of(
                "pyproject.toml",
                """
                [tool.uv.workspace]
                members = ["a", "b"]
                [tool.hearth.build]
                package = "b"
                """,
                "a/pyproject.toml",
                "[project]\nname = 'a'\nversion = '1'\nrequires-python = '>=3.12'\ndependencies = ['idna']\n",
                "b/pyproject.toml",
                "[project]\nname = 'b'\nversion = '1'\nrequires-python = '>=3.12'\ndependencies = ['idna']\n",
                "b/main.py",
                HELLO));

    assertThat(built.onlyPackage().chain()).isEqualTo("b \u2192 idna");
  }
}
