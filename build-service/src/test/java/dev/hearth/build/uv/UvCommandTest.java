package dev.hearth.build.uv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UvCommandTest {

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
