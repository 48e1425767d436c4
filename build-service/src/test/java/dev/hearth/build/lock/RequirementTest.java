package dev.hearth.build.lock;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequirementTest {

  private static final String FILE =
      """
      # a comment
      MarkupSafe==3.0.4 \\
          --hash=sha256:aa \\
          --hash=sha256:bb
      zope.interface==7.0 ; python_version >= "3.8" \\
          --hash=sha256:cc
      """;

  @Test
  void parsesARequirementsFile() {
    var requirements = Requirement.parse(FILE);

    assertThat(requirements)
        .extracting(Requirement::name)
        .containsExactly("markupsafe", "zope-interface");
    assertThat(requirements.getFirst().text()).contains("--hash=sha256:bb");
  }

  @Test
  void distinguishesPinsFromAddresses() {
    assertThat(Requirement.parse("pyyaml==6.0.3 \\\n").getFirst().isPinned()).isTrue();
    var hash = " \\\n    --hash=sha256:" + "a".repeat(64) + "\n";
    assertThat(isPinned("pyyaml @ https://host/pyyaml.tar.gz" + hash)).isFalse();
    assertThat(isPinned("tea @ git+https://host/tea.whl" + hash)).isFalse();
    assertThat(isPinned("tea @ https://host/tea-1.0-py3-none-any.whl\n")).isFalse();
    assertThat(isPinned("tea @ https://host/tea-1.0-py3-none-any.whl" + hash)).isTrue();
  }

  private static boolean isPinned(String text) {
    return Requirement.parse(text).getFirst().isPinned();
  }

  @Test
  void removesTheMarker() {
    var requirements = Requirement.parse(FILE);

    assertThat(requirements.getFirst().marker()).isEmpty();
    assertThat(requirements.getLast().marker()).contains("python_version >= \"3.8\"");
    assertThat(requirements.getLast().withoutMarker().text())
        .isEqualTo("zope.interface==7.0 \\\n    --hash=sha256:cc\n");
  }

  @Test
  void writesWhatItParsed() {
    assertThat(Requirement.text(Requirement.parse(FILE)))
        .isEqualTo(FILE.substring(FILE.indexOf('\n') + 1));
  }
}
