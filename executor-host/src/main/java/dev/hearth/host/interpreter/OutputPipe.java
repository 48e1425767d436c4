package dev.hearth.host.interpreter;

import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.OutputLine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import tools.jackson.databind.json.JsonMapper;

/**
 * Standard output of this process, which the node reads: first the line {@code ready}, then each
 * line that an instance prints, as an {@link OutputLine} in JSON.
 */
public final class OutputPipe {

  private final FileOutputStream out;
  private final JsonMapper json = JsonMapper.shared();

  private OutputPipe(FileOutputStream out) {
    this.out = out;
  }

  /** Reserves standard output, and redirects {@code System.out} to standard error. */
  public static OutputPipe take() {
    var pipe = new OutputPipe(new FileOutputStream(FileDescriptor.out));
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true));
    return pipe;
  }

  public void ready() {
    write(HostProtocol.READY_LINE + "\n");
  }

  void line(String instance, String stream, String level, String invocation, String text) {
    var line = new OutputLine(Instant.now(), instance, stream, level, invocation, text);
    write(json.writeValueAsString(line) + "\n");
  }

  private synchronized void write(String line) {
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException _) {
      // The node has ended, so the thread parent-watch ends this process.
    }
  }
}
