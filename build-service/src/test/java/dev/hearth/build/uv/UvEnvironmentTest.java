package dev.hearth.build.uv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UvEnvironmentTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "https://pypi.org/simple, ''",
    "https://mirror.example/simple, ''",
    "https://me:secret@mirror.example/simple, ''",
    "https://me:secret@own.example/simple, https://own.example/simple",
  })
  void namesOnlyOtherIndexesAndHidesLogins(String index, String named) {
    var environment = Map.of("UV_DEFAULT_INDEX", "https://operator:secret@mirror.example/simple");

    assertThat(UvEnvironment.of(environment).only(index))
        .isEqualTo(named.isEmpty() ? List.of() : List.of("--default-index", named));
  }

  @Test
  void passesOnIndexesButNoLoginsOfNamedIndexes() {
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
  void hidesLoginsAndPathsInUvsOutput() {
    var source = folder.resolve("source");
    var environment =
        UvEnvironment.of(
                Map.of(
                    "UV_INDEX_URL", "https://operator:secret@index.example/simple",
                    "HTTPS_PROXY", "http://me:word@proxy.example"))
            .forBuild(
                folder.resolve("home"),
                folder.resolve("cache"),
                Optional.empty(),
                Optional.empty(),
                List.of(folder, source));

    assertThat(
            environment.shown(
                "operator:secret me:word %s/uv.lock in %s, %s".formatted(source, source, folder)))
        .isEqualTo("… … uv.lock in ., .");
  }

  @Test
  void keepsLoginsOutOfVariablesThatMetadataMayName() throws IOException {
    var environment =
        UvEnvironment.of(
            Map.of(
                "UV_INDEX_URL", "https://operator:se%40cret@index.example/simple",
                "UV_EXTRA_INDEX_URL", "https://token@one.example/ https://own:x@two.example:8443/",
                "HTTPS_PROXY", "http://me:word@proxy.example"));
    var tenants =
        Files.writeString(folder.resolve("own"), "machine two.example login a password b\n");

    var netrc = environment.netrc(Optional.of(tenants), folder.resolve("netrc")).orElseThrow();

    assertThat(environment.variables())
        .containsEntry("UV_INDEX_URL", "https://index.example/simple")
        .containsEntry("UV_EXTRA_INDEX_URL", "https://one.example/ https://two.example:8443/")
        .containsEntry("https_proxy", "http://me:word@proxy.example")
        .doesNotContainKey("HTTPS_PROXY");
    assertThat(netrc)
        .hasContent(
            """
            machine two.example login a password b
            machine index.example login operator password se@cret
            machine one.example login token password ""
            """);
    assertThat(environment.openIndex()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "UV_DEFAULT_INDEX, https://index.example/simple, https://index.example/simple",
    "HTTPS_PROXY, http://proxy.example, ",
    "UV_OFFLINE, 1, ",
  })
  void knowsIndexesThatCanBeReadDirectly(String name, String value, String index) {
    assertThat(UvEnvironment.of(Map.of(name, value)).openIndex())
        .isEqualTo(Optional.ofNullable(index));
  }
}
