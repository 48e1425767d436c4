package dev.hearth.executor.instance;

import dev.hearth.contracts.events.PlacementCommand.StartInstance;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.artifact.UnpackedArtifact;
import dev.hearth.executor.host.HostProcess.StartResult;
import dev.hearth.executor.host.HostProcess.StartResult.Failed;
import dev.hearth.executor.host.HostProcess.StartResult.HostLost;
import dev.hearth.executor.host.HostProcess.StartResult.Started;
import dev.hearth.executor.instance.InstanceSupervisor.InstanceTools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts the lives of one instance: fetches its artifact and has the tenant's host make it, or the
 * next one.
 */
final class LifeStarter {

  private static final int HOSTS_TRIED = 3;

  private final StartInstance command;
  private final InstanceTools tools;
  private final AtomicInteger lives = new AtomicInteger();

  /** What became of a start. */
  sealed interface Attempt {
    /** It answered its probe. */
    record Entered(Life life) implements Attempt {}

    /** It will not start, and the user should know why. */
    record Refused(String reason) implements Attempt {}
  }

  LifeStarter(StartInstance command, InstanceTools tools) {
    this.command = command;
    this.tools = tools;
  }

  /** Blocks until the instance answered its probe or did not. */
  Attempt start() throws InterruptedException {
    var artifact = fetchArtifact();
    try (var _ = tools.stems().yieldToStart()) {
      return startInSomeHost(artifact);
    }
  }

  private UnpackedArtifact fetchArtifact() {
    return command.settings().nativeModules()
        ? tools.artifacts().privateCopy(command.artifact(), command.instance())
        : tools.artifacts().unpacked(command.artifact());
  }

  private Attempt startInSomeHost(UnpackedArtifact artifact) throws InterruptedException {
    var fetchedAt = tools.clock().instant();
    var begun = System.nanoTime();
    var lost = "none was tried";
    for (int tried = 0; tried < HOSTS_TRIED; tried++) {
      var host =
          tools
              .hosts()
              .of(command.revision().function().tenant(), command.settings().nativeModules());
      var name = command.instance() + "-" + lives.incrementAndGet();
      tools.output().attribute(name, command.revision().id());
      StartResult result = host.start(specification(name, artifact));
      switch (result) {
        case Started(var started) -> {
          tools.bytecode().request(artifact.layers());
          var warm = Duration.ofNanos(System.nanoTime() - begun);
          return new Attempt.Entered(new Life(host, name, started, fetchedAt, warm));
        }
        case Failed(var failure) -> {
          return new Attempt.Refused(reason(failure));
        }
        case HostLost(var reason) -> {
          tools.hosts().discard(host);
          lost = reason;
        }
      }
    }
    return new Attempt.Refused("No host process could start it: " + lost);
  }

  private InstanceSpec specification(String name, UnpackedArtifact artifact) {
    return new InstanceSpec(
        name,
        command.revision().function().function(),
        command.revision().number(),
        artifact.path(),
        artifact.late().map(Path::toString).orElse(""),
        tools.artifacts().workspace(command.instance()).toString(),
        command.settings());
  }

  private static String reason(InstanceFailure failure) {
    return failure.traceback().isEmpty() ? failure.message() : failure.traceback().strip();
  }
}
