package dev.hearth.executor.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.executor.pool.Acquisition.CannotStart;
import dev.hearth.executor.pool.Acquisition.TimedOut;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusalsTest {

  @Test
  void sayWhatToDoAboutATimeOut() {
    assertThat(Refusals.detail(new TimedOut(Duration.ofSeconds(30))))
        .isEqualTo(
            "Timed out after waiting 30 s for a free instance. Speed up the function, raise"
                + " timeout, or raise max-instances.");
  }

  @Test
  void nameTheExceptionThatEndedAStart() {
    var traceback =
        "Traceback (most recent call last):\n  File \"main.py\", line 1\nImportError: no x\n";

    assertThat(Refusals.detail(new CannotStart(traceback)))
        .isEqualTo("The function could not be started: ImportError: no x");
  }

  @Test
  void cutALongReason() {
    assertThat(Refusals.detail(new CannotStart("x".repeat(10_000)))).hasSizeLessThan(600);
  }
}
