package dev.hearth.host.interpreter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Splits the output of Python code into lines, each with its level and invocation. */
final class PrintedLines {

  private final Target target;
  private final Map<String, LineOutput> byStream = new HashMap<>();
  private String level = "";
  private String invocation = "";

  /** Receives one line. */
  @FunctionalInterface
  interface Target {
    void line(String stream, String level, String invocation, String text);
  }

  PrintedLines(Target target) {
    this.target = target;
  }

  /**
   * Adds a piece of text, with or without line ends.
   *
   * @param newLevel level of a record of {@code logging}, or empty
   * @param newInvocation id of the call that printed it, or empty
   */
  synchronized void print(String stream, String newLevel, String newInvocation, String text) {
    if (!newLevel.equals(level) || !newInvocation.equals(invocation)) {
      close();
    }
    level = newLevel;
    invocation = newInvocation;
    var output =
        byStream.computeIfAbsent(
            stream, name -> new LineOutput(line -> target.line(name, level, invocation, line)));
    try {
      output.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Writes the unfinished lines. */
  synchronized void close() {
    byStream.values().forEach(LineOutput::close);
  }
}
