package dev.hearth.build.uv;

import dev.hearth.build.python.Target;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * An executable that returns the target's recorded answer to uv's interpreter query, so that uv
 * picks wheels for the target without starting its interpreter. It returns this answer whatever its
 * arguments are. Under another path, as in an environment that uv made, it refuses to run. It is a
 * shell script that runs no programs, because nothing on PATH can be trusted.
 */
public final class StubInterpreter {

  private StubInterpreter() {}

  /** Writes the stub below the folder and returns the executable. */
  public static Path install(Path folder, Target target) throws IOException {
    var root = Files.createDirectories(folder).toRealPath();
    Files.createDirectories(root.resolve("home"));
    var bin = Files.createDirectories(root.resolve("bin"));
    var answerFile = root.resolve(target.runtime() + ".json");
    try (InputStream recorded =
        StubInterpreter.class.getResourceAsStream(target.interpreterAnswer())) {
      if (recorded == null) {
        throw new IOException(target.interpreterAnswer() + " is not on the class path");
      }
      var answer =
          new String(recorded.readAllBytes(), StandardCharsets.UTF_8)
              .replace("{ROOT}", root.toString())
              .replace("\n", " ");
      write(root, answerFile, answer + "\n", "rw-r--r--");
    }
    var executable = bin.resolve(target.runtime());
    write(
        root,
        executable,
        """
        #!/bin/sh
        [ "$0" = %s ] || { echo 'this interpreter runs no code; it only describes the target to uv' >&2; exit 1; }
        while IFS= read -r line; do printf '%%s\\n' "$line"; done < %s
        """
            .formatted(quoted(executable), quoted(answerFile)),
        "rwxr-xr-x");
    return executable;
  }

  /**
   * Writes a file and moves it into place atomically, because another build may be about to run it.
   */
  private static void write(Path root, Path file, String text, String mode) throws IOException {
    var made = Files.createTempFile(root, "new-", "");
    Files.writeString(made, text);
    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(mode));
    Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Quotes a path for the shell. */
  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }
}
