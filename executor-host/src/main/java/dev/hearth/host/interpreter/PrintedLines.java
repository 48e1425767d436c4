package dev.hearth.host.interpreter;

import dev.hearth.contracts.host.HostProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes entries of the output of Python code, each with its level and invocation. A line that comes
 * in pieces is put together for each call and thread, so that calls side by side do not mix theirs.
 * A line whose end does not come is written after a moment. Thread-safe: the monitor guards the
 * lines.
 */
final class PrintedLines {

  /** Longest time for which the beginning of a line waits for the rest. */
  private static final Duration PATIENCE = Duration.ofMillis(700);

  private final Target target;
  private final Timer timer;
  private final Map<Writer, Line> open = new HashMap<>();
  private boolean isTimed;

  /** Receives one entry. */
  @FunctionalInterface
  interface Target {
    void line(String stream, String level, String invocation, String text);
  }

  /** Runs work once after a time. */
  @FunctionalInterface
  interface Timer {
    void after(Duration time, Runnable work);
  }

  private record Writer(String stream, String invocation, Thread thread) {}

  private record Line(LineOutput output, long begunAt) {

    Duration age() {
      return Duration.ofNanos(System.nanoTime() - begunAt);
    }
  }

  PrintedLines(Target target, Timer timer) {
    this.target = target;
    this.timer = timer;
  }

  /**
   * Adds a record, which is one entry, or a piece of text with or without line ends.
   *
   * @param level level of a record, or empty for text
   * @param invocation id of the call that printed it, or empty
   */
  synchronized void print(String stream, String level, String invocation, String text) {
    if (level.isEmpty()) {
      piece(new Writer(stream, invocation, Thread.currentThread()), text);
      return;
    }
    for (int at = 0; at == 0 || at < text.length(); at += HostProtocol.ENTRY_CHARACTERS) {
      var end = Math.min(text.length(), at + HostProtocol.ENTRY_CHARACTERS);
      target.line(stream, level, invocation, text.substring(at, end));
    }
  }

  private void piece(Writer writer, String text) {
    var line = open.computeIfAbsent(writer, this::begin);
    try {
      line.output().write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    if (!line.output().isOpen()) {
      open.remove(writer);
    } else if (!isTimed) {
      isTimed = true;
      timer.after(PATIENCE, this::writeOld);
    }
  }

  private Line begin(Writer writer) {
    var output =
        new LineOutput(text -> target.line(writer.stream(), "", writer.invocation(), text));
    return new Line(output, System.nanoTime());
  }

  /** Writes the lines whose end has not come for long. */
  private synchronized void writeOld() {
    open.values()
        .removeIf(line -> {
          var isOld = line.age().compareTo(PATIENCE) >= 0;
          if (isOld) {
            line.output().close();
          }
          return isOld;
        });
    isTimed = false;
    open.values().stream()
        .map(Line::age)
        .max(Duration::compareTo)
        .ifPresent(oldest -> {
          isTimed = true;
          timer.after(PATIENCE.minus(oldest), this::writeOld);
        });
  }

  /** Writes the unfinished lines. */
  synchronized void close() {
    open.values().forEach(line -> line.output().close());
    open.clear();
  }
}
