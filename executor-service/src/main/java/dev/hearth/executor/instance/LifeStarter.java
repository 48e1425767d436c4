package dev.hearth.executor.instance;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.events.PlacementCommand.StartInstance;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.executor.artifact.UnpackedArtifact;
import dev.hearth.executor.host.HostFolder;
import dev.hearth.executor.host.HostProcess;
import dev.hearth.executor.host.NodeEgress;
import dev.hearth.executor.host.StartResult;
import dev.hearth.executor.host.StartResult.Failed;
import dev.hearth.executor.host.StartResult.HostLost;
import dev.hearth.executor.host.StartResult.Started;
import dev.hearth.executor.instance.InstanceSupervisor.InstanceTools;
import dev.hearth.kit.egress.EgressPass;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.util.unit.DataSize;

/**
 * Starts the lives of one instance: fetches its artifact and has the tenant's host make it, or the
 * next one.
 */
final class LifeStarter {

  private static final int HOSTS_TRIED = 3;

  private final StartInstance command;
  private final InstanceTools tools;
  private final AtomicInteger lives = new AtomicInteger();
  private final Optional<EgressPass> pass;

  /** What became of a start. */
  sealed interface Attempt {
    /** It answered its probe. */
    record Entered(Life life) implements Attempt {}

    /** It will not start, and the user should know why. */
    record Refused(String reason) implements Attempt {}

    /** This node has no host for it now, most likely because others need all memory. */
    record NoRoom(String reason) implements Attempt {}
  }

  LifeStarter(StartInstance command, InstanceTools tools) {
    this.command = command;
    this.tools = tools;
    this.pass = tools.egress().admit(command.revision().function(), command.settings().egress());
  }

  /** After the last life. */
  void end() {
    pass.ifPresent(EgressPass::close);
  }

  /** Blocks until the instance answered its probe or did not. */
  Attempt start() throws InterruptedException {
    var artifact = tools.artifacts().unpacked(command.artifact());
    try (var _ = tools.stems().yieldToStart()) {
      return startInSomeHost(artifact);
    } catch (HearthException refused) {
      return refused.code() == ErrorCode.NO_INSTANCE
          ? new Attempt.NoRoom(refused.detail())
          : new Attempt.Refused(refused.detail());
    }
  }

  private Attempt startInSomeHost(UnpackedArtifact unpacked) throws InterruptedException {
    var fetchedAt = tools.clock().instant();
    var begun = System.nanoTime();
    var lost = "none was tried";
    for (int tried = 0; tried < HOSTS_TRIED; tried++) {
      var name = command.instance() + "-" + lives.incrementAndGet();
      var host =
          tools
              .hosts()
              .of(
                  command.revision().function().tenant(),
                  command.settings().nativeModules(),
                  command
                      .settings()
                      .scaling()
                      .flatMap(Scaling::memoryMiB)
                      .map(DataSize::ofMegabytes),
                  name);
      tools.output().attribute(name, command.revision().id());
      var artifact = show(unpacked, host, name);
      StartResult result = host.start(specification(name, artifact, host.folder()));
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

  private UnpackedArtifact show(UnpackedArtifact unpacked, HostProcess host, String name) {
    try {
      return tools.artifacts().shown(unpacked, host.folder().files());
    } catch (RuntimeException failed) {
      host.forget(name);
      throw failed;
    }
  }

  private InstanceSpec specification(String name, UnpackedArtifact artifact, HostFolder folder) {
    return new InstanceSpec(
        name,
        command.revision().function().function(),
        command.revision().number(),
        artifact.path(),
        artifact.late().map(Path::toString).orElse(""),
        folder.temporary(name).toString(),
        pass.map(NodeEgress::url).orElse(""),
        command.settings());
  }

  private static String reason(InstanceFailure failure) {
    return failure.traceback().isEmpty() ? failure.message() : failure.traceback().strip();
  }
}
