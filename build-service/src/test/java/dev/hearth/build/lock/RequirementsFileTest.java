package dev.hearth.build.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequirementsFileTest {

  private static final String ONE = "1".repeat(64);
  private static final String TWO = "2".repeat(64);

  @TempDir Path upload;

  private Path put(String name, String text) throws IOException {
    var file = upload.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private RequirementsFile read(String text) throws IOException {
    put("requirements.txt", text);
    return RequirementsFile.read(upload);
  }

  private static Requirement resolved(String... sha256) {
    return new Requirement(
        "my-tea",
        "my-tea==1.0 \\\n    --hash=sha256:"
            + String.join(" \\\n    --hash=sha256:", sha256)
            + "\n");
  }

  @Test
  void readsIncludedFiles() throws IOException {
    put("more/base.in", "tea\n-c limits.txt\n--requirement=../requirements.txt\n");
    put("more/limits.txt", "tea<2 # for now\n");
    put("constraints.txt", "\uFEFFcup<2\n");
    var file = read("-r more/base.in # all of it\ncup\n");

    assertThat(file.files().stream().map(each -> upload.relativize(each).toString()))
        .containsExactly("requirements.txt", "more/base.in", "more/limits.txt", "constraints.txt");
    assertThat(file.requirements()).containsExactly("tea", "cup");
    assertThat(file.constraints()).containsExactly("tea<2", "cup<2");
  }

  @Test
  void acceptsFoldersOfTheUploadAndAddresses() throws IOException {
    put("libs/tea/pyproject.toml", "");
    var file = read("-e ./libs/tea\nlibs/tea/\nhttps://a.example/cup-1-py3-none-any.whl\n--pre\n");

    assertThat(file.requirements())
        .containsExactly("./libs/tea", "./libs/tea", "https://a.example/cup-1-py3-none-any.whl");
  }

  @Test
  void writesIndexesInUvsSyntax() throws IOException {
    var file =
        read("-i https://a.example/simple\n--extra-index-url=https://b.example/simple\ntea\n");

    assertThat(file.indexes())
        .isEqualTo(
            """

            [[tool.uv.index]]
            url = "https://b.example/simple"

            [[tool.uv.index]]
            url = "https://a.example/simple"
            default = true
            """);
  }

  @Test
  void allowsOnlyFilesWithAListedHash() throws IOException {
    var file =
        read(
            "My_Tea[leaf]==1.0 \\\n  --hash=sha256:%s \\\n  --hash=sha256:%s\n"
                .formatted(TWO, TWO));

    assertThat(file.allowed(List.of(resolved(ONE, TWO)))).containsExactly(resolved(TWO));
    assertThatThrownBy(() -> file.allowed(List.of(resolved(ONE))))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining("No file of my-tea==1.0 has a hash that requirements.txt lists");
  }

  @Test
  void allowsAllFilesOfARequirementWithoutHashes() throws IOException {
    assertThat(read("my-tea\n").allowed(List.of(resolved(ONE)))).containsExactly(resolved(ONE));
  }

  @ParameterizedTest
  @CsvSource({
    "-e ., names the project itself",
    ".[web], names the project itself",
    "-r gone.txt, 'gone.txt, which is not in the upload'",
    "-c ../../etc/passwd, which is not in the upload",
    "-f ./wheels, The option -f is not supported",
    "--find-links=wheels, The option --find-links is not supported",
    "--config-settings x=y, The option --config-settings is not supported",
    "-r file:///etc/passwd, which is not in the upload",
    "-r ${HOME}/x, which is not in the upload",
    "file:///etc/passwd, names neither a package nor a folder",
    "./gone, names neither a package nor a folder",
    "../.., names neither a package nor a folder",
    "'-r \"/etc/passwd\"', which is not in the upload",
    "'tea @ https://a.example/${HTTPS_PROXY}/tea.whl', has a variable in it",
    "'https://a.example/${HTTPS_PROXY}/tea.whl', has a variable in it",
    "'-r /etc/passwd #\u2028x', which is not in the upload",
    "'tea\u2028-r /etc/passwd', It contains the character U+2028",
    "'-r a\0b', It contains the character U+0000"
  })
  void refusesUnsupportedLines(String line, String why) {
    assertThatThrownBy(() -> read(line + "\n"))
        .isInstanceOf(HearthException.class)
        .hasMessageContaining(why);
  }

  @Test
  void hidesLogins() {
    assertThatThrownBy(() -> read("-i https://me:secret${X}@a.example/simple\n"))
        .hasMessageContaining("https://…@a.example/simple")
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesHashesOtherThanSha256() {
    assertThatThrownBy(() -> read("tea==1 --hash=sha512:abcdef\n"))
        .hasMessageContaining("tea has a sha512 hash");
  }
}
