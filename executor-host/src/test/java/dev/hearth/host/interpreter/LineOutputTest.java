package dev.hearth.host.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineOutputTest {

  private final List<String> lines = new ArrayList<>();
  private final LineOutput output = new LineOutput(lines::add);

  private void print(String text) throws IOException {
    output.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void cutsAtLineEndsHoweverTheTextComes() throws IOException {
    print("on");
    print("e\ntwo\nth");
    print("ree\n");

    assertThat(lines).containsExactly("one", "two", "three");
  }

  @Test
  void givesOutTheLastLineAtTheEnd() throws IOException {
    print("grüße");
    output.close();

    assertThat(lines).containsExactly("grüße");
  }

  @Test
  void cutsALineThatNeverEnds() throws IOException {
    print("x".repeat(300_000));

    assertThat(lines).hasSize(2);
  }
}
