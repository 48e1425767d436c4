package dev.hearth.executor.host;

import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.OutputLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a host process says: lines of its instances, and what the process says of itself. */
final class HostOutput {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Of the beginning of what it says of itself: native code may say anything. */
  private static final int LOG_BYTES = 1 << 20;

  private HostOutput() {}

  /**
   * Reads as long as the process lives; returns at once.
   *
   * @param log where what it says of itself is kept
   * @param ready it has booted
   */
  static void read(
      String name, Process process, Path log, Runnable ready, Consumer<OutputLine> output) {
    Thread.ofVirtual().name("output-" + name).start(() -> lines(process, ready, output));
    Thread.ofVirtual().name("log-" + name).start(() -> log(process, log));
  }

  private static void lines(Process process, Runnable ready, Consumer<OutputLine> output) {
    try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals(HostProtocol.READY_LINE)) {
          ready.run();
        } else {
          forward(line, output);
        }
      }
    } catch (IOException _) {
      // The process ended.
    }
  }

  private static void forward(String line, Consumer<OutputLine> output) {
    try {
      output.accept(JSON.readValue(line, OutputLine.class));
    } catch (JacksonException _) {
      // Not ours: native code that wrote to the descriptor itself. It belongs to no instance.
    }
  }

  private static void log(Process process, Path log) {
    try (var said = process.getErrorStream();
        var file = Files.newOutputStream(log)) {
      var buffer = new byte[8192];
      var room = LOG_BYTES;
      for (var read = said.read(buffer); read >= 0; read = said.read(buffer)) {
        var kept = Math.min(read, room);
        file.write(buffer, 0, kept);
        room -= kept;
      }
    } catch (IOException _) {
      // The process ended.
    }
  }
}
