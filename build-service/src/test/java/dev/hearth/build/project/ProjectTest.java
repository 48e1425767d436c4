package dev.hearth.build.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    assertThat(project.settings().entry()).isEmpty();
    assertThat(project.settings().environment()).isEmpty();
    assertThat(project.settings().timeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void readsTheHearthTable() throws IOException {
    var project =
        read(
            """
            [project]
            name = "x"
            [tool.hearth]
            entry = "main:app"
            timeout = "1500ms"
            min-instances = 5
            memory = "256 MiB"
            egress = ["API.example.org", "*.example.net"]
            on-disconnect = "cancel"
            [tool.hearth.env]
            GREETING = "hello"
            RETRIES = 3
            """);

    assertThat(project.settings().entry()).contains("main:app");
    assertThat(project.settings().scaling()).isEqualTo(new Scaling(5, 5, Optional.of(256)));
    assertThat(project.settings().onDisconnect()).contains(OnDisconnect.CANCEL);
    assertThat(project.settings().egress()).contains(List.of("api.example.org", "*.example.net"));
    assertThat(project.settings().timeout()).isEqualTo(Duration.ofMillis(1500));
    assertThat(project.settings().environment())
        .isEqualTo(Map.of("GREETING", "hello", "RETRIES", "3"));
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
        "[project]\\n[tool.hearth.env]\\nA = 'x'\\n'A=B' = 'x'|\"A=B\" is not a valid name",
        "[project]\\n[tool.hearth.env]\\nA = \"x\\u0000\"|A contains U+0000",
        "[project]\\ndependencies = ['tea @ https://me:pw@a.example/${X}']|has a variable in tea @ https://…@a.example",
        "[project]\\n[tool.uv]\\noverride-dependencies = [\"t@https://a/\\u0024{X}\"]|has a variable",
        "[project]\\n[tool.hearth]\\nenv = 3|[tool.hearth.env] must be a table",
        "[project]\\n[tool.hearth]\\ntimeuot = '1s'|no setting \"timeuot\"",
        "[project]\\n[tool.hearth.build]\\ngroup = []|no setting \"group\"",
        "[project]\\n[tool.hearth]\\nmin-instances = 3\\nmax-instances = 2|min-instances is 3 and max-instances 2",
        "[project]\\n[tool.hearth]\\nmax-instances = 100|1–20",
        "[project]\\n[tool.hearth]\\nmemory = 'much'|as in \"512MB\"",
        "[project]\\n[tool.hearth]\\nmemory = '1MB'|128MB–8GB",
        "[project]\\n[tool.hearth]\\negress = ['https://a.example']|no scheme",
        "[project]\\n[tool.hearth]\\non-disconnect = 'stop'|\"finish\" or \"cancel\"",
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
