package dev.hearth.host.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrintedLinesTest {

  private final List<String> lines = new ArrayList<>();
  private final PrintedLines printed =
      new PrintedLines((stream, level, invocation, text) ->
          lines.add(String.join("|", stream, level, invocation, text)));

  @Test
  void keepsStreamsApart() {
    printed.print("stdout", "", "a", "one ");
    printed.print("stderr", "", "a", "wrong\n");
    printed.print("stdout", "", "a", "line\n");

    assertThat(lines).containsExactly("stderr||a|wrong", "stdout||a|one line");
  }

  @Test
  void endsALineWhenAnotherCallPrints() {
    printed.print("stdout", "", "a", "half");
    printed.print("stdout", "", "b", "whole\n");

    assertThat(lines).containsExactly("stdout||a|half", "stdout||b|whole");
  }

  @Test
  void endsALineWhenTheLevelChanges() {
    printed.print("stderr", "", "a", "half");
    printed.print("stderr", "warning", "a", "logged\n");

    assertThat(lines).containsExactly("stderr||a|half", "stderr|warning|a|logged");
  }

  @Test
  void givesOutWhatWasBegunAtTheEnd() {
    printed.print("stdout", "", "", "half");
    printed.close();

    assertThat(lines).containsExactly("stdout|||half");
  }
}
