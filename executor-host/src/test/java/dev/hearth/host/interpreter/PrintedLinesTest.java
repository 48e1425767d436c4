package dev.hearth.host.interpreter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedLinesTest {

  private final List<String> lines = new ArrayList<>();
  private final List<Runnable> late = new ArrayList<>();
  private final PrintedLines printed =
      new PrintedLines(
          (stream, level, invocation, text) ->
              lines.add(String.join("|", stream, level, invocation, text)),
          (_, work) -> late.add(work));

  @Test
  void keepsStreamsApart() {
    printed.print("stdout", "", "a", "one ");
    printed.print("stderr", "", "a", "wrong\n");
    printed.print("stdout", "", "a", "line\n");

    assertThat(lines).containsExactly("stderr||a|wrong", "stdout||a|one line");
  }

  @Test
  void keepsThePiecesOfCallsApart() {
    printed.print("stdout", "", "a", "one ");
    printed.print("stdout", "", "b", "two ");
    printed.print("stdout", "", "a", "of a\n");
    printed.print("stdout", "", "b", "of b\n");

    assertThat(lines).containsExactly("stdout||a|one of a", "stdout||b|two of b");
  }

  @Test
  void keepsThePiecesOfThreadsApart() throws InterruptedException {
    printed.print("stdout", "", "a", "one ");
    var other = Thread.ofVirtual().start(() -> printed.print("stdout", "", "a", "thread\n"));
    other.join();
    printed.print("stdout", "", "a", "line\n");

    assertThat(lines).containsExactly("stdout||a|thread", "stdout||a|one line");
  }

  @Test
  void makesOneEntryOfARecord() {
    printed.print("stderr", "", "a", "half");
    printed.print("stderr", "error", "a", "Traceback:\n  line\n\nValueError");
    printed.print("stderr", "info", "a", "");

    assertThat(lines)
        .containsExactly("stderr|error|a|Traceback:\n  line\n\nValueError", "stderr|info|a|");
  }

  @Test
  void splitsARecordBeyondTheLimit() {
    printed.print("stderr", "info", "a", "x".repeat(300_000));

    assertThat(lines).hasSize(3);
  }

  @Test
  void keepsAnEmptyLine() {
    printed.print("stdout", "", "a", "\n");

    assertThat(lines).containsExactly("stdout||a|");
  }

  @Test
  void looksAfterALineWhoseEndDoesNotCome() {
    printed.print("stdout", "", "a", "half");
    printed.print("stdout", "", "b", "other");

    assertThat(late).hasSize(1);
    await()
        .until(() -> {
          late.removeFirst().run();
          return late.isEmpty();
        });
    assertThat(lines).containsExactlyInAnyOrder("stdout||a|half", "stdout||b|other");
  }

  @Test
  void givesOutWhatWasBegunAtTheEnd() {
    printed.print("stdout", "", "", "half");
    printed.close();

    assertThat(lines).containsExactly("stdout|||half");
  }
}
