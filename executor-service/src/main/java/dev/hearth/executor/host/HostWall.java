package dev.hearth.executor.host;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.sandbox.Bubblewrap;
import dev.hearth.kit.sandbox.ControlGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** To become nobody, for good. */
  private static final List<String> TO_BOOT = List.of("SETUID", "SETGID", "SETPCAP");

  private static final String HOSTNAME = "host";

  private final HostSettings settings;
  private final boolean stands;
  private final Optional<Criu> criu;

  HostWall(HostSettings settings) {
    this.settings = settings;
    this.stands =
        settings.isolation() == Isolation.SANDBOX && Bubblewrap.works(settings.bubblewrap());
    this.criu =
        stands && settings.start() == HostStart.SNAPSHOT
            ? Criu.find(settings.criu()).filter(_ -> isRootsWallPossible(settings))
            : Optional.empty();
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

  private static boolean isRootsWallPossible(HostSettings settings) {
    var wall = Bubblewrap.ofRoot(settings.bubblewrap(), HOSTNAME, TO_BOOT);
    if (Bubblewrap.works(wall, toBoot())) {
      return true;
    }
    log.atWarn().log("no snapshots of hosts: their wall needs more of root than there is");
    return false;
  }

  /** A process that is written down is nobody, and has a session of its own. */
  private static List<String> toBoot() {
    var command = Bubblewrap.asNobody("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs");
    command.add("/usr/bin/setsid");
    return command;
  }

  /** What writes hosts down, where that can be done. */
  Optional<Criu> criu() {
    return criu;
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
   * A command line that boots a host behind the wall.
   *
   * @param shown further files, and their names behind the wall
   */
  List<String> around(
      HostFolder folder,
      ControlGroup group,
      Map<String, String> environment,
      Map<Path, String> shown,
      List<String> inner) {
    var command = enter(group);
    if (!stands) {
      environment.forEach((name, value) -> command.add(name + "=" + value));
      command.addAll(inner);
      return command;
    }
    var whole = new ArrayList<String>();
    if (criu.isPresent()) {
      whole.addAll(toBoot());
    }
    whole.addAll(inner);
    var wall =
        criu.isPresent()
            ? Bubblewrap.ofRoot(settings.bubblewrap(), HOSTNAME, TO_BOOT)
            : new Bubblewrap(settings.bubblewrap(), HOSTNAME);
    command.addAll(furnish(wall, folder, environment, shown, whole));
    return command;
  }

  /**
   * A command line that makes a host anew behind the wall.
   *
   * @param images what is left of the host that it was
   */
  List<String> aroundRestored(
      HostFolder folder,
      ControlGroup group,
      Map<String, String> environment,
      Map<Path, String> shown,
      Path images,
      List<String> inner) {
    var command = enter(group);
    var wall =
        Bubblewrap.ofRoot(settings.bubblewrap(), HOSTNAME, Criu.capabilities())
            .first()
            .showAs(images, Criu.IMAGES);
    command.addAll(furnish(wall, folder, environment, shown, inner));
    return command;
  }

  private static List<String> enter(ControlGroup group) {
    // The shell has variables of its own, which would be seen.
    var enter = group.enter() + "exec env -i \"$@\"";
    return new ArrayList<>(List.of("/bin/sh", "-c", enter, "sh"));
  }

  private List<String> furnish(
      Bubblewrap wall,
      HostFolder folder,
      Map<String, String> environment,
      Map<Path, String> shown,
      List<String> inner) {
    wall.memory(HostFolder.TEMPORARY.toString(), 64 << 20);
    wall.show(settings.home().toAbsolutePath());
    wall.show(Path.of(settings.javaExecutable()).toAbsolutePath().resolve("../..").normalize());
    for (var part : environment.getOrDefault("PATH", "").split(":")) {
      if (!part.isEmpty()) {
        wall.show(Path.of(part).toAbsolutePath());
      }
    }
    settings.knownCertificates().ifPresent(wall::show);
    criu.ifPresent(known -> wall.show(known.shown()));
    environment.forEach(wall::environment);
    shown.forEach(wall::showAs);
    var temporary = folder.inside(folder.temporary()).toString();
    wall.lendAs(folder.run(), folder.inside(folder.run()).toString())
        .showAs(folder.files(), folder.inside(folder.files()).toString())
        .memory(temporary, settings.temporary().toBytes());
    return wall.command(temporary, inner);
  }
}
