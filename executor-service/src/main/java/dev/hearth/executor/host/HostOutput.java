package dev.hearth.executor.host;

import dev.hearth.contracts.host.HostProtocol;
import dev.hearth.contracts.host.OutputLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads a host's standard output (lines of its instances) and standard error (its own log). */
final class HostOutput {

  private static final JsonMapper JSON = JsonMapper.shared();

  /** Bytes kept from the beginning of the log, because native code may write any amount. */
  private static final int LOG_BYTES = 1 << 20;

  private HostOutput() {}

  /**
   * Reads on new threads until the process ends; returns at once.
   *
   * @param log file for the host's own log
   * @param ready runs when the host prints that it is ready
   */
  static void read(
      String name, Process process, Path log, Runnable ready, Consumer<OutputLine> output) {
    Thread.ofVirtual()
        .name("output-" + name)
        .start(() -> lines(process.inputReader(StandardCharsets.UTF_8), ready, output));
    Thread.ofVirtual().name("log-" + name).start(() -> log(process.getErrorStream(), log));
  }

  /** Reads the lines of a host until its output ends. */
  static void lines(BufferedReader reader, Runnable ready, Consumer<OutputLine> output) {
    try (var lines = reader) {
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
      // Native code wrote the line to the descriptor, so it belongs to no instance.
    }
  }

  /** Copies the beginning of a host's log and drops the rest. */
  static void log(InputStream stream, Path log) {
    try (var said = stream;
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
