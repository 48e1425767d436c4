package dev.hearth.executor.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.sandbox.Bubblewrap;
import dev.hearth.kit.sandbox.ControlGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * The wall around a host process. Behind it there is no network, no file of the machine but the
 * system's own and what the host is shown, no other process, and so much memory. Where it cannot be
 * built, only tenants that the operator trusts get a host.
 */
@Component
public class HostWall {

  private static final Logger log = LoggerFactory.getLogger(HostWall.class);

  /** The variable that names the file of certificates that functions trust. */
  static final String CERTIFICATES = "SSL_CERT_FILE";

  private final HostSettings settings;
  private final boolean stands;

  HostWall(HostSettings settings) {
    this.settings = settings;
    this.stands =
        settings.isolation() == Isolation.SANDBOX && Bubblewrap.works(settings.bubblewrap());
    if (!stands) {
      log.atWarn()
          .addKeyValue("isolation", settings.isolation())
          .addKeyValue("trusted", settings.trusted())
          .log(
              settings.isolation() == Isolation.SANDBOX
                  ? "bubblewrap cannot be used here: only trusted tenants get host processes"
                  : "host processes have no wall");
    }
  }

  /** Whether hosts have a wall. */
  public boolean stands() {
    return stands;
  }

  /**
   * Refuses a tenant that needs a wall where there is none.
   *
   * @throws HearthException {@link ErrorCode#NO_INSTANCE}
   */
  void requireFor(String tenant) {
    if (!stands
        && settings.isolation() == Isolation.SANDBOX
        && !settings.trusted().contains(tenant)) {
      throw new HearthException(
          ErrorCode.NO_INSTANCE,
          "This node cannot wall off functions from each other (bubblewrap is missing or not allowed). Ask the operator.");
    }
  }

  /** The limits that a host with such a heap is put under; to be closed when it has ended. */
  ControlGroup group(String name, DataSize heap) {
    var beside = settings.memory().toBytes() - settings.heap().toBytes();
    return stands
        ? ControlGroup.make("hearth-" + name, heap.toBytes() + beside, settings.processes())
        : ControlGroup.none();
  }

  /**
   * A command line that runs another one behind the wall.
   *
   * @param shown further files, and their names behind the wall
   */
  List<String> around(
      HostFolder folder,
      ControlGroup group,
      Map<String, String> environment,
      Map<Path, String> shown,
      List<String> inner) {
    // The shell has variables of its own, which would be seen.
    var enter = group.enter() + "exec env -i \"$@\"";
    var command = new ArrayList<>(List.of("/bin/sh", "-c", enter, "sh"));
    if (!stands) {
      environment.forEach((name, value) -> command.add(name + "=" + value));
      command.addAll(inner);
      return command;
    }
    var wall = new Bubblewrap(settings.bubblewrap(), "host").memory("/tmp", 64 << 20);
    wall.show(settings.home().toAbsolutePath());
    wall.show(Path.of(settings.javaExecutable()).toAbsolutePath().resolve("../..").normalize());
    for (var part : environment.getOrDefault("PATH", "").split(":")) {
      if (!part.isEmpty()) {
        wall.show(Path.of(part).toAbsolutePath());
      }
    }
    settings.knownCertificates().ifPresent(wall::show);
    environment.forEach(wall::environment);
    shown.forEach(wall::showAs);
    wall.lend(folder.run())
        .show(folder.files())
        .memory(folder.temporary().toString(), settings.temporary().toBytes());
    command.addAll(wall.command(folder.temporary().toString(), inner));
    return command;
  }
}
