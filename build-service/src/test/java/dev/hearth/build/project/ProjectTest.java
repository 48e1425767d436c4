package dev.hearth.build.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectTest {

  @TempDir Path folder;

  private Project read(String toml) throws IOException {
    Files.writeString(folder.resolve("pyproject.toml"), toml);
    return Project.read(folder);
  }

  @Test
  void hasDefaults() throws IOException {
    var project = read("[project]\nname = 'x'\n");

    assertThat(project.entry()).isEmpty();
    assertThat(project.environment()).isEmpty();
    assertThat(project.timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void readsItsOwnTable() throws IOException {
    var project =
        read(
            """
            [project]
            name = "x"
            [tool.hearth]
            entry = "main:app"
            timeout = "1500ms"
            [tool.hearth.env]
            GREETING = "hello"
            RETRIES = 3
            """);

    assertThat(project.entry()).contains("main:app");
    assertThat(project.timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(project.environment()).isEqualTo(Map.of("GREETING", "hello", "RETRIES", "3"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[project|not valid TOML",
        "[tool.x]|no [project] table",
        "[project]\\n[tool.hearth]\\ntimeout = 'soon'|as in \"30s\"",
        "[project]\\n[tool.hearth]\\ntimeout = '1h'|100ms–15m",
        "[project]\\n[tool.hearth]\\nentry = 3|must be a string",
        "[project]\\n[tool.hearth.env]\\nA = []|A must be a string",
      })
  void saysWhatIsWrong(String toml, String part) {
    assertThatThrownBy(() -> read(toml.replace("\\n", "\n")))
        .isInstanceOfSatisfying(
            HearthException.class,
            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.PROJECT_INVALID))
        .hasMessageContaining(part);
  }

  @Test
  void saysThatTheFileIsMissing() {
    assertThatThrownBy(() -> Project.read(folder)).hasMessageContaining("uv init");
  }
}
