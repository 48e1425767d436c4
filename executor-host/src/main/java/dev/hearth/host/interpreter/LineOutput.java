package dev.hearth.host.interpreter;

import dev.hearth.contracts.host.HostProtocol;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Splits printed bytes into lines of UTF-8, and lines beyond {@link HostProtocol#ENTRY_CHARACTERS}
 * into several.
 */
final class LineOutput extends OutputStream {

  private static final int LONGEST = HostProtocol.ENTRY_CHARACTERS;

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  LineOutput(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public synchronized void write(int value) {
    if (value == '\n') {
      endLine();
    } else {
      line.write(value);
      if (line.size() >= LONGEST) {
        endLine();
      }
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      write(bytes[i]);
    }
  }

  /** Returns true if a line has begun and not ended. */
  synchronized boolean isOpen() {
    return line.size() > 0;
  }

  @Override
  public synchronized void close() {
    if (line.size() > 0) {
      endLine();
    }
  }

  private void endLine() {
    lines.accept(line.toString(StandardCharsets.UTF_8));
    line.reset();
  }
}
