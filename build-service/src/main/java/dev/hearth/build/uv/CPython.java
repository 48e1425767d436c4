package dev.hearth.build.uv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine's CPython, which runs build backends.
 *
 * @param prefixes folders that the interpreter needs to run
 */
public record CPython(Path executable, List<Path> prefixes) {

  /** Finds the executable and the prefix of a command that runs Python. */
  public static CPython find(String command) throws IOException {
    var process =
        new ProcessBuilder(
                command,
                "-c",
                "import os, sys; print(os.path.realpath(sys.executable)); print(sys.base_prefix)")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var lines = process.inputReader()) {
      var executable = lines.readLine();
      var prefix = lines.readLine();
      if (executable == null || prefix == null) {
        throw new IOException(command + " is not a Python interpreter");
      }
      return new CPython(Path.of(executable), List.of(Path.of(prefix)));
    }
  }
}
