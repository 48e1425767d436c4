package dev.hearth.build.uv;

import dev.hearth.build.sandbox.Sandbox;
import dev.hearth.kit.sandbox.Bubblewrap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The sandbox of uv for one build. uv reads files that projects and indexes name, and may print
 * their content, so it sees only the build's folders, its tenant's cache, and what it needs to
 * reach indexes. It shares the machine's network, which {@link UvEgress} limits.
 */
public final class UvWalls {

  /** The machine's settings for names, certificates and uv. */
  private static final List<Path> SYSTEM =
      Stream.of("hosts", "nsswitch.conf", "resolv.conf", "ssl", "pki", "uv")
          .map(Path.of("/etc")::resolve)
          .toList();

  private final Optional<Bubblewrap> walls;
  private final Path executable;

  private UvWalls(Optional<Bubblewrap> walls, Path executable) {
    this.walls = walls;
    this.executable = executable;
  }

  /**
   * Prepares the sandbox of one build.
   *
   * @param executable the uv executable
   * @param shown files and folders that uv may read; absent ones are ignored
   * @param lent folders that uv may write to
   * @throws dev.hearth.contracts.HearthException if bubblewrap cannot be used and the tenant is not
   *     trusted
   */
  public static UvWalls around(
      Sandbox sandbox, String tenant, Path executable, List<Path> shown, List<Path> lent)
      throws IOException {
    var real = executable.toRealPath();
    var walls = sandbox.walls(tenant);
    if (walls.isPresent()) {
      SYSTEM.forEach(walls.get()::showReal);
      walls.get().showReal(real);
      shown.forEach(walls.get()::showReal);
      for (var folder : lent) {
        walls.get().lend(Files.createDirectories(folder));
      }
    }
    return new UvWalls(walls, real);
  }

  /**
   * Returns a command that runs uv in the sandbox.
   *
   * @param folder working folder
   * @param enter shell commands that run first
   */
  List<String> command(Path folder, String enter, List<String> arguments) {
    var inner = new ArrayList<String>();
    inner.add(executable.toString());
    inner.addAll(arguments);
    var command = new ArrayList<>(List.of("/bin/sh", "-c", enter + "exec \"$@\"", "sh"));
    command.addAll(walls.map(known -> known.command(folder.toString(), inner)).orElse(inner));
    return command;
  }
}
