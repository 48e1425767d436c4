package dev.hearth.build.uv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UvCommandTest {

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

    assertThat(UvCommand.only(index, environment))
        .isEqualTo(named.isEmpty() ? List.of() : List.of("--default-index", named));
  }

  @Test
  void passesOnWhereIndexesAreButNoLoginsOfNamedOnes() {
    var passed =
        UvCommand.passedOn(
            Map.of(
                "UV_DEFAULT_INDEX", "https://index.example/simple",
                "https_proxy", "http://proxy.example",
                "UV_INDEX_INTERNAL_USERNAME", "operator",
                "UV_INDEX_INTERNAL_PASSWORD", "secret",
                "UV_PUBLISH_TOKEN", "secret",
                "AWS_SECRET_ACCESS_KEY", "secret"));

    assertThat(passed).containsOnlyKeys("UV_DEFAULT_INDEX", "https_proxy");
  }
}
