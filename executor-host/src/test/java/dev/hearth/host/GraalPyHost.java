package dev.hearth.host;

import dev.hearth.testkit.contract.TestedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts GraalPy's host from the classes under test, Python's library, which is unpacked once into
 * {@code target}, and the sources of {@code python/workers}.
 */
final class GraalPyHost {

  private static final Path HOME = Path.of("target", "executor-host", "home").toAbsolutePath();
  private static final Path PACKAGES = Path.of("..", "python", "workers", "src").toAbsolutePath();

  private GraalPyHost() {}

  static TestedHost boot(Path folder) throws IOException, InterruptedException {
    if (!Files.exists(HOME.resolve(".hearth-ready"))) {
      run("unpack", HOME.toString());
      run("compile", HOME.toString());
    }
    var socket = folder.resolve("socket");
    var command =
        command("serve", socket.toString(), HOME.toString(), PACKAGES.normalize().toString());
    return TestedHost.start(command, folder, socket);
  }

  private static void run(String... arguments) throws IOException, InterruptedException {
    var exit = new ProcessBuilder(command(arguments)).inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IllegalStateException(arguments[0] + " ended with " + exit);
    }
  }

  private static List<String> command(String... arguments) {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dpolyglotimpl.AttachLibraryFailureAction=ignore",
                "-cp",
                System.getProperty("java.class.path"),
                HostMain.class.getName()));
    command.addAll(List.of(arguments));
    return command;
  }
}
