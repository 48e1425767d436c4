package dev.hearth.build.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.reach.Distribution;
import dev.hearth.contracts.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class SbomTest {

  private static final Digest DIGEST = new Digest("sha256:" + "a".repeat(64));

  private static Found found(String name, String licence, String chain, String... requires) {
    var content =
        new Distribution(name, List.of(), List.of(), List.of(), Map.of(), List.of(requires));
    var layer = new Layer(name, "1.0", licence, DIGEST, 1, 1, 1, 1, 1, 1, List.of(), content);
    return new Found(layer, false, false, chain);
  }

  private static JsonNode sbom() {
    return Sbom.of(
        DIGEST,
        List.of(
            found("tea", "MIT", "app → tea", "leaf", "not-shipped"),
            found("leaf", "A licence", "app → tea → leaf"),
            found("cup", "", "cup")));
  }

  @Test
  void conformsToCycloneDx() throws Exception {
    var text = sbom().toString().getBytes(StandardCharsets.UTF_8);

    assertThat(new JsonParser().validate(text, Version.VERSION_16)).isEmpty();
    assertThat(
            new JsonParser()
                .validate(
                    "{\"bomFormat\":\"none\"}".getBytes(StandardCharsets.UTF_8),
                    Version.VERSION_16))
        .isNotEmpty();
  }

  @Test
  void listsDependenciesBetweenPackages() {
    assertThat(sbom().path("dependencies").valueStream().map(JsonNode::toString))
        .containsExactly(
            "{\"ref\":\"function\",\"dependsOn\":[\"pkg:pypi/cup@1.0\",\"pkg:pypi/tea@1.0\"]}",
            "{\"ref\":\"pkg:pypi/cup@1.0\",\"dependsOn\":[]}",
            "{\"ref\":\"pkg:pypi/leaf@1.0\",\"dependsOn\":[]}",
            "{\"ref\":\"pkg:pypi/tea@1.0\",\"dependsOn\":[\"pkg:pypi/leaf@1.0\"]}");
  }

  @Test
  void namesLicencesAsSpdxDoes() {
    assertThat(
            sbom().path("components").valueStream().map(each -> each.path("licenses").toString()))
        .containsExactly(
            "", "[{\"license\":{\"name\":\"A licence\"}}]", "[{\"license\":{\"id\":\"MIT\"}}]");
  }
}
