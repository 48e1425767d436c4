package dev.hearth.build.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.resolve.DeclaredMetadata.Metadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredMetadataTest {

  private static final Metadata TEA =
      new Metadata(
          "tea", "1.5", List.of("six", "x ; extra == 'dev'"), List.of("dev"), Optional.empty());

  @TempDir Path folder;

  private String written(String pyproject) throws IOException {
    var file = Files.writeString(folder.resolve("pyproject.toml"), pyproject);
    var declared = new DeclaredMetadata();
    assertThat(declared.put(folder, TEA)).isTrue();
    assertThat(declared.put(folder, TEA)).isFalse();
    String written;
    try (var _ = declared.writeTo(file)) {
      written = Files.readString(file);
    }
    assertThat(file).hasContent(pyproject);
    return written;
  }

  @Test
  void fillsInComputedFieldsOfAProject() throws IOException {
    var rest = "[dependency-groups]\nprod = ['six']\n";

    assertThat(written("[project]\nname = 'tea'\ndynamic = [\n  'version', # of git\n]\n" + rest))
        .isEqualTo("[project]\nname = 'tea'\nversion = \"1.5\"\ndynamic = []\n" + rest);
    assertThat(
            written(
                "[project]\nauthors = [{name = 'a'}]\ndynamic = ['readme', \"dependencies\"]\n"
                    + rest))
        .isEqualTo(
            "[project]\nauthors = [{name = 'a'}]\ndependencies = [\"six\"]\n"
                + "dynamic = [\"readme\"]\n"
                + rest);
  }

  @Test
  void declaresMetadataThatAProjectCannotHold() throws IOException {
    var extras = "[project]\ndynamic = ['version', 'optional-dependencies']\n";
    var elsewhere = "[tool.other]\ndynamic = ['version']\n";

    assertThat(written(extras)).startsWith(extras).contains("[[tool.uv.dependency-metadata]]");
    assertThat(written(elsewhere)).startsWith(elsewhere).contains("requires-dist = [\"six\"");
  }
}
