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
 * What uv sees of the machine for one build. uv reads files that projects and indexes name, and
 * says what was in them: so there are the build's own folders, its tenant's cache, and what it
 * takes to reach indexes, and nothing else. The network is ours; {@link UvEgress} limits it.
 */
public final class UvWalls {

  /** Where names, indexes' certificates and uv's settings for the whole machine are. */
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
   * Prepares.
   *
   * @param executable uv itself
   * @param shown what it may read; where there is nothing, nothing is shown
   * @param lent folders that it may write to
   * @throws dev.hearth.contracts.HearthException where there can be no walls and the tenant is not
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
   * A command that runs uv.
   *
   * @param folder where it runs
   * @param enter shell commands that come first
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
