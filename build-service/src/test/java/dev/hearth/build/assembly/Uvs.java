package dev.hearth.build.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.build.TestTools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs uv as a user does on their own machine. */
final class Uvs {

  private Uvs() {}

  /** Returns the lock that uv makes for a project. */
  static String lock(Workshop workshop, Path folder, Map<String, String> files, String... options)
      throws IOException {
    var own = write(folder, files);
    run(workshop, own, concat(List.of("lock", "--no-build"), options));
    return Files.readString(own.resolve("uv.lock"));
  }

  /** Returns the {@code pylock.toml} that uv makes of a locked project. */
  static String pylock(Workshop workshop, Path folder, Map<String, String> files)
      throws IOException {
    var own = write(folder, files);
    run(
        workshop,
        own,
        List.of("export", "--format", "pylock.toml", "-o", "pylock.toml", "--no-emit-project"));
    return Files.readString(own.resolve("pylock.toml"));
  }

  private static Path write(Path folder, Map<String, String> files) throws IOException {
    var own = Files.createTempDirectory(folder, "locking-");
    for (var file : files.entrySet()) {
      var path = own.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    return own;
  }

  private static List<String> concat(List<String> first, String... more) {
    var all = new ArrayList<>(first);
    all.addAll(List.of(more));
    return all;
  }

  private static void run(Workshop workshop, Path folder, List<String> arguments)
      throws IOException {
    var command = new ArrayList<>(List.of(TestTools.uv()));
    command.addAll(arguments);
    command.addAll(List.of("--python", workshop.interpreter().toString()));
    var process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.onExit().join().exitValue()).as(output).isZero();
  }
}
