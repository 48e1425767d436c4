package dev.hearth.build.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.queue.BuildStep.GiveUp;
import dev.hearth.build.queue.BuildStep.Reuse;
import dev.hearth.build.queue.BuildStep.Run;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.testkit.SampleSettings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildStepTest {

  private static BuildOutcome outcome() {
    var digest = Digest.ofHex("0".repeat(64));
    var settings = SampleSettings.of(Convention.WSGI);
    return new BuildOutcome(digest, 1, 2, digest, settings, true);
  }

  @Test
  void runsABuildUpToTheLastAttempt() {
    assertThat(BuildStep.of(1, 3, Optional.empty())).isEqualTo(new Run());
    assertThat(BuildStep.of(3, 3, Optional.empty())).isEqualTo(new Run());
  }

  @Test
  void reusesWhatIsKnown() {
    assertThat(BuildStep.of(1, 3, Optional.of(outcome()))).isEqualTo(new Reuse(outcome()));
  }

  @Test
  void givesUpAfterTheLastAttempt() {
    assertThat(BuildStep.of(4, 3, Optional.of(outcome())))
        .isInstanceOfSatisfying(
            GiveUp.class,
            given -> assertThat(given.reason()).startsWith("The build was started 3 times"));
  }
}
