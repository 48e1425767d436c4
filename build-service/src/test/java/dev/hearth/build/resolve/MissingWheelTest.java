package dev.hearth.build.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.python.Target;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingWheelTest {

  private static String message(String requirement, Optional<String> usable) {
    return MissingWheel.error(
            Requirement.parse(requirement).getFirst(),
            Lock.of(List.of()),
            Target.GRAALPY,
            "",
            usable)
        .detail();
  }

  @ParameterizedTest
  @CsvSource({
    "cffi==2.0.0, cffi==2.0.0",
    "numpy==2.4.4, numpy==2.4.4",
    "cryptography==46.0.5, cryptography==46.0.5",
    "PyYAML==6.0.3, pyyaml==6.0.3"
  })
  void advisesTheWheelhouseForAReleaseThatARecipeBuilds(String release, String advised) {
    assertThat(message(release, Optional.empty()))
        .endsWith("The operator can build one: `./hearth wheelhouse add " + advised + "`.")
        .doesNotContain("cpython");
  }

  @ParameterizedTest
  @CsvSource({
    "numpy==2.4.6, numpy==2.4.4",
    "cryptography==47.0.0, cryptography==46.0.5",
    "cffi, cffi==2.0.0"
  })
  void advisesTheReleaseThatARecipeBuilds(String release, String known) {
    assertThat(message(release, Optional.empty()))
        .endsWith(
            "%s is known to build. Require that release, and ask the operator to build its wheel: `./hearth wheelhouse add %s`."
                .formatted(known, known));
  }

  @ParameterizedTest
  @CsvSource({"pillow==12.0.0", "igraph==1.0.0", "regex==2026.9.3", "lxml"})
  void saysThatOtherReleasesNeedAnotherRuntime(String release) {
    var name = Requirement.parse(release).getFirst().name();

    assertThat(message(release, Optional.empty()))
        .isEqualTo(
            "%s has no wheel that GraalPy can use. It needs the runtime `cpython`, which is not available yet. Use another package instead of %s."
                .formatted(release, name));
  }

  @Test
  void namesAnotherReleaseThatHasAWheelFirst() {
    assertThat(message("fast==2.0", Optional.of("1.0")))
        .contains(
            "fast==1.0 has one: require that release (`uv lock --upgrade-package fast==1.0` if a"
                + " lock pins another).");
  }
}
