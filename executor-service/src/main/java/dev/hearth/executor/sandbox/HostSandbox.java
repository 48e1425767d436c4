package dev.hearth.executor.sandbox;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.sandbox.Bubblewrap;
import dev.hearth.kit.sandbox.ControlGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.util.unit.DataSize;

/**
 * The sandbox around a host process. Inside it there is no network and no other process, memory is
 * limited, and only the system's files and those of the host are visible. Where no sandbox can be
 * built, only tenants that the operator trusts get a host.
 */
@Component
public class HostSandbox {

  private static final Logger log = LoggerFactory.getLogger(HostSandbox.class);

  /** Environment variable that names the file of certificate authorities. */
  private static final String CERTIFICATES = "SSL_CERT_FILE";

  /** Capabilities that a process needs to become nobody irrevocably. */
  private static final List<String> TO_BOOT = List.of("SETUID", "SETGID", "SETPCAP");

  private static final String HOSTNAME = "host";

  /** Size of {@code /tmp}, which the host's own libraries use. */
  private static final long SYSTEM_TEMPORARY = 64 << 20;

  private final SandboxSettings settings;
  private final boolean isAvailable;
  private final Optional<Criu> criu;

  public HostSandbox(SandboxSettings settings) {
    this.settings = settings;
    this.isAvailable =
        settings.isolation() == Isolation.SANDBOX && Bubblewrap.works(settings.bubblewrap());
    this.criu =
        isAvailable && settings.start() == HostStart.SNAPSHOT
            ? Criu.find(settings.criu()).filter(_ -> canKeepCapabilities(settings))
            : Optional.empty();
    if (!isAvailable) {
      log.atWarn()
          .addKeyValue("isolation", settings.isolation())
          .addKeyValue("trusted", settings.trusted())
          .log(
              settings.isolation() == Isolation.SANDBOX
                  ? "bubblewrap is missing or not allowed: only trusted tenants get host processes"
                  : "host processes run without a sandbox, as the operator chose");
    }
  }

  private static boolean canKeepCapabilities(SandboxSettings settings) {
    var sandbox = Bubblewrap.ofRoot(settings.bubblewrap(), HOSTNAME, TO_BOOT);
    if (Bubblewrap.works(sandbox, becomeNobody())) {
      return true;
    }
    log.atWarn().log("no snapshots of hosts: this process lacks capabilities of root");
    return false;
  }

  /** Returns the command prefix that gives up all rights and starts a new session. */
  private static List<String> becomeNobody() {
    var command = Bubblewrap.asNobody("--inh-caps=-all", "--bounding-set=-all", "--no-new-privs");
    command.add("/usr/bin/setsid");
    return command;
  }

  /** Returns CRIU if snapshots are possible. */
  public Optional<Criu> criu() {
    return criu;
  }

  /** Returns true if host processes have a sandbox on this machine. */
  public boolean isAvailable() {
    return isAvailable;
  }

  /** Describes for operators what isolates tenants on this node. */
  public String description() {
    if (isAvailable) {
      return "sandbox";
    }
    return settings.isolation() == Isolation.SANDBOX
        ? "none: bubblewrap cannot be used, so only trusted tenants run here"
        : "process: the operator chose to have no sandbox around host processes";
  }

  /**
   * Refuses an untrusted tenant if this node has no sandbox.
   *
   * @throws HearthException {@link ErrorCode#NO_INSTANCE}
   */
  public void requireFor(String tenant) {
    if (!isAvailable
        && settings.isolation() == Isolation.SANDBOX
        && !settings.trusted().contains(tenant)) {
      throw new HearthException(
          ErrorCode.NO_INSTANCE,
          "This node cannot isolate functions from each other, because bubblewrap is missing or not"
              + " allowed. Ask the operator to install or allow it.");
    }
  }

  /**
   * Creates the control group of a host; the caller closes it when the host has ended.
   *
   * @param limit most memory of the process, heap and all else
   */
  public ControlGroup group(String name, DataSize limit) {
    return isAvailable
        ? ControlGroup.make("hearth-" + name, limit.toBytes(), settings.processes())
        : ControlGroup.none();
  }

  /** Returns the most processes and threads that one host may have. */
  public int processes() {
    return settings.processes();
  }

  /**
   * A program to run in the sandbox.
   *
   * @param environment all its environment variables
   * @param files files and folders that it may read at the same path
   * @param shown further files that it may read, with their paths inside
   * @param temporary most bytes that its instances may write together; the files are in memory
   * @param command its command line
   */
  public record Program(
      Map<String, String> environment,
      List<Path> files,
      Map<Path, String> shown,
      DataSize temporary,
      List<String> command) {

    public Program {
      environment = Map.copyOf(environment);
      files = List.copyOf(files);
      shown = Map.copyOf(shown);
      command = List.copyOf(command);
    }
  }

  /** Returns the environment variables that every program in the sandbox gets. */
  public Map<String, String> environment() {
    var environment = new HashMap<>(Map.of("LANG", "C.UTF-8", "TZ", "UTC"));
    settings.knownCertificates().ifPresent(file -> environment.put(CERTIFICATES, file.toString()));
    return environment;
  }

  /** Returns the command line that boots a host in the sandbox. */
  public List<String> boot(HostFolder folder, ControlGroup group, Program program) {
    var command = enter(group);
    if (!isAvailable) {
      program.environment().forEach((name, value) -> command.add(name + "=" + value));
      command.addAll(program.command());
      return command;
    }
    var inner = new ArrayList<String>();
    if (criu.isPresent()) {
      inner.addAll(becomeNobody());
    }
    inner.addAll(program.command());
    var sandbox =
        criu.isPresent()
            ? Bubblewrap.ofRoot(settings.bubblewrap(), HOSTNAME, TO_BOOT)
            : new Bubblewrap(settings.bubblewrap(), HOSTNAME);
    command.addAll(furnish(sandbox, folder, program, inner));
    return command;
  }

  /**
   * Returns the command line that restores a host in the sandbox.
   *
   * @param images folder of the snapshot
   */
  public List<String> restore(HostFolder folder, ControlGroup group, Program program, Path images) {
    var command = enter(group);
    var sandbox =
        Bubblewrap.ofRoot(settings.bubblewrap(), HOSTNAME, Criu.capabilities())
            .first()
            .showAs(images, Criu.IMAGES);
    command.addAll(furnish(sandbox, folder, program, program.command()));
    return command;
  }

  private static List<String> enter(ControlGroup group) {
    // env -i drops the shell's own variables.
    var enter = group.enter() + "exec env -i \"$@\"";
    return new ArrayList<>(List.of("/bin/sh", "-c", enter, "sh"));
  }

  private List<String> furnish(
      Bubblewrap sandbox, HostFolder folder, Program program, List<String> inner) {
    sandbox.memory(HostFolder.TEMPORARY.toString(), SYSTEM_TEMPORARY);
    program.files().forEach(sandbox::show);
    for (var part : program.environment().getOrDefault("PATH", "").split(":", -1)) {
      if (!part.isEmpty()) {
        sandbox.show(Path.of(part).toAbsolutePath());
      }
    }
    settings.knownCertificates().ifPresent(sandbox::show);
    criu.ifPresent(known -> sandbox.show(known.shown()));
    program.environment().forEach(sandbox::environment);
    program.shown().forEach(sandbox::showAs);
    var temporary = folder.inside(folder.temporary()).toString();
    sandbox
        .lendAs(folder.run(), folder.inside(folder.run()).toString())
        .showAs(folder.files(), folder.inside(folder.files()).toString())
        .memory(temporary, program.temporary().toBytes());
    return sandbox.command(temporary, inner);
  }
}
