package dev.hearth.build.uv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UvEnvironmentTest {

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "https://pypi.org/simple, ''",
    "https://mirror.example/simple, ''",
    "https://me:secret@mirror.example/simple, ''",
    "https://me:secret@own.example/simple, https://own.example/simple",
  })
  void namesAnIndexThatIsNotTheDefaultAndNoLogin(String index, String named) {
    var environment = Map.of("UV_DEFAULT_INDEX", "https://operator:secret@mirror.example/simple");

    assertThat(UvEnvironment.of(environment).only(index))
        .isEqualTo(named.isEmpty() ? List.of() : List.of("--default-index", named));
  }

  @Test
  void passesOnWhereIndexesAreButNoLoginsOfNamedOnes() {
    var passed =
        UvEnvironment.of(
            Map.of(
                "UV_DEFAULT_INDEX", "https://index.example/simple",
                "https_proxy", "http://proxy.example",
                "UV_INDEX_INTERNAL_USERNAME", "operator",
                "UV_INDEX_INTERNAL_PASSWORD", "secret",
                "UV_PUBLISH_TOKEN", "secret",
                "AWS_SECRET_ACCESS_KEY", "secret"));

    assertThat(passed.variables())
        .containsOnlyKeys("UV_DEFAULT_INDEX", "https_proxy", "PATH", "LANG", "GIT_ALLOW_PROTOCOL");
  }

  @Test
  void hidesTheOperatorsLoginsInWhatUvSays() {
    var environment =
        UvEnvironment.of(
            Map.of(
                "UV_INDEX_URL", "https://operator:secret@index.example/simple",
                "UV_EXTRA_INDEX_URL", "https://token@one.example/ https://two.example/"));

    assertThat(environment.withoutLogins("at https://operator:secret@index.example/x, token"))
        .isEqualTo("at https://…@index.example/x, …");
  }

  @ParameterizedTest
  @CsvSource({
    "UV_DEFAULT_INDEX, https://index.example/simple, https://index.example/simple",
    "HTTPS_PROXY, http://proxy.example, ",
    "UV_OFFLINE, 1, ",
  })
  void knowsWhereFilesAreSimplyThere(String name, String value, String index) {
    assertThat(UvEnvironment.of(Map.of(name, value)).openIndex())
        .isEqualTo(Optional.ofNullable(index));
  }
}
