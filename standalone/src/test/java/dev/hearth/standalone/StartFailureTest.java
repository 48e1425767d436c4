package dev.hearth.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.hearth.build.queue.BuildSettings;
import dev.hearth.testkit.BoundSettings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartFailureTest {

  private static String refusal(String setting, String value) {
    var failed =
        catchThrowable(() -> BoundSettings.bind(BuildSettings.class, Map.of(setting, value)));
    return StartFailure.describe(new IllegalStateException("the part did not start", failed));
  }

  @Test
  void namesASettingThatCannotBeRead() {
    assertThat(refusal("lease", "soon"))
        .isEqualTo("build.queue.lease cannot be soon: 'soon' is not a valid duration");
  }

  @Test
  void namesASettingBeyondItsLimits() {
    assertThat(refusal("workers", "0"))
        .isEqualTo("build.queue.workers must be greater than or equal to 1 but is 0");
  }

  @Test
  void tellsTheRootCauseOfOtherFailures() {
    var root = new IllegalStateException("the port 8080 is in use");

    assertThat(StartFailure.describe(new IllegalStateException("start", root)))
        .isEqualTo("the port 8080 is in use");
  }
}
