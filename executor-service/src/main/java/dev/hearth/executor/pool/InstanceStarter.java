package dev.hearth.executor.pool;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.contracts.host.OutputLine;
import dev.hearth.executor.artifact.UnpackedArtifact;
import dev.hearth.executor.host.HostFolder;
import dev.hearth.executor.host.HostProcess;
import dev.hearth.executor.host.NodeEgress;
import dev.hearth.executor.host.RevisionSnapshots;
import dev.hearth.executor.host.StartResult;
import dev.hearth.executor.host.StartResult.Failed;
import dev.hearth.executor.host.StartResult.HostLost;
import dev.hearth.executor.host.StartResult.Started;
import dev.hearth.executor.pool.Placements.PoolTools;
import dev.hearth.kit.egress.EgressPass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.unit.DataSize;

/**
 * Starts the lives of one instance: fetches its artifact and has the tenant's host make it, or the
 * next one.
 */
final class InstanceStarter {

  private static final Logger log = LoggerFactory.getLogger(InstanceStarter.class);

  private static final int HOSTS_TRIED = 3;

  private final StartPlacement command;
  private final PoolTools tools;
  private final AtomicInteger lives = new AtomicInteger();
  private final Optional<EgressPass> pass;
  private volatile boolean isEnded;

  /** What became of a start. */
  sealed interface Attempt {
    /** It answered its probe. */
    record Entered(Instance life) implements Attempt {}

    /** It will not start, and the user should know why. */
    record Refused(String reason) implements Attempt {}

    /** This node has no host for it now, most likely because others need all memory. */
    record NoRoom(String reason) implements Attempt {}
  }

  InstanceStarter(StartPlacement command, PoolTools tools) {
    this.command = command;
    this.tools = tools;
    this.pass = tools.egress().admit(command.revision().function(), command.settings().egress());
  }

  /** After the last life. */
  void end() {
    isEnded = true;
    pass.ifPresent(EgressPass::close);
    tools.snapshots().forget(command.placement());
  }

  /** Blocks until the instance answered its probe or did not. */
  Attempt start() throws InterruptedException {
    var artifact = tools.artifacts().unpacked(command.artifact());
    try (var _ = tools.stems().yieldToStart()) {
      var restored = restore(artifact);
      return restored.isPresent() ? restored.get() : startInTurn(artifact);
    } catch (HearthException refused) {
      return refused.code() == ErrorCode.NO_INSTANCE
          ? new Attempt.NoRoom(refused.detail())
          : new Attempt.Refused(refused.detail());
    }
  }

  private Attempt startInTurn(UnpackedArtifact artifact) throws InterruptedException {
    try (var _ = tools.turns().take(command.revision().function().tenant())) {
      return startInSomeHost(artifact);
    }
  }

  /** From the snapshot, when there is one, and room for it. */
  private Optional<Attempt> restore(UnpackedArtifact unpacked) throws InterruptedException {
    var images = tools.snapshots().of(command.placement());
    if (images.isEmpty()) {
      return Optional.empty();
    }
    var fetchedAt = tools.clock().instant();
    var begun = System.nanoTime();
    var name = snapshotName();
    tools.output().attribute(name, command.placement(), command.revision());
    try {
      var host =
          tools
              .hosts()
              .restored(
                  command.revision().function().tenant(),
                  command.settings().nativeModules(),
                  name,
                  images.get(),
                  folder -> tools.artifacts().shown(unpacked, folder.files()));
      if (host.isEmpty()) {
        return Optional.empty();
      }
      var result = host.get().resume(name);
      if (result instanceof Started(var started)) {
        var warm = Duration.ofNanos(System.nanoTime() - begun);
        return Optional.of(
            new Attempt.Entered(new Instance(host.get(), name, started, fetchedAt, warm)));
      }
      tools.hosts().discard(host.get());
      if (result instanceof Failed(var failure)) {
        tell("the snapshot is given up, a hook after it failed: " + reason(failure));
      }
      throw new IllegalStateException("the instance did not go on");
    } catch (IOException | IllegalStateException failed) {
      tools.snapshots().discard(command.placement(), failed);
      return Optional.empty();
    }
  }

  /** All that are made from it are called that. */
  private String snapshotName() {
    return command.placement() + "-snapshot";
  }

  private void requestSnapshot(InstanceStarted started) {
    if (heap().isPresent()) {
      return;
    }
    var instance = command.placement();
    tools
        .snapshots()
        .request(
            instance,
            started,
            new RevisionSnapshots.Maker() {
              @Override
              public boolean isReady() {
                var layers = tools.artifacts().unpacked(command.artifact()).layers();
                return tools.bytecode().isDone(layers);
              }

              @Override
              public Optional<InstanceStarted> start(HostProcess host) throws InterruptedException {
                return startAlone(host);
              }

              @Override
              public void failed(String reason) {
                tell("no snapshot: " + reason);
              }
            });
    if (isEnded) {
      // A start was still under way then.
      tools.snapshots().forget(instance);
    }
  }

  private Optional<InstanceStarted> startAlone(HostProcess host) throws InterruptedException {
    var name = snapshotName();
    tools.output().attribute(name, command.placement(), command.revision());
    var artifact = show(tools.artifacts().unpacked(command.artifact()), host, name);
    var started = host.start(specification(name, artifact, host.folder()));
    if (!(started instanceof Started(var details))) {
      return Optional.empty();
    }
    if (host.suspend(name) instanceof Failed(var failure)) {
      tell("no snapshot, a hook before it failed: " + reason(failure));
      return Optional.empty();
    }
    return Optional.of(details);
  }

  /** In the function's own log. */
  void tell(String text) {
    var name = command.placement().toString();
    tools.output().attribute(name, command.placement(), command.revision());
    tools
        .output()
        .accept(new OutputLine(tools.clock().instant(), name, "stderr", "warning", "", text));
  }

  private Optional<DataSize> heap() {
    return command.settings().scaling().flatMap(Scaling::memoryMiB).map(DataSize::ofMegabytes);
  }

  private Attempt startInSomeHost(UnpackedArtifact unpacked) throws InterruptedException {
    var fetchedAt = tools.clock().instant();
    // Too late for this start, which leaves it a part of the processor; the next one finds it.
    tools.bytecode().request(unpacked.layers());
    var begun = System.nanoTime();
    for (int tried = 0; tried < HOSTS_TRIED; tried++) {
      var name = command.placement() + "-" + lives.incrementAndGet();
      var host =
          tools
              .hosts()
              .of(
                  command.revision().function().tenant(),
                  command.settings().nativeModules(),
                  heap(),
                  name);
      tools.output().attribute(name, command.placement(), command.revision());
      var artifact = show(unpacked, host, name);
      StartResult result = host.start(specification(name, artifact, host.folder()));
      switch (result) {
        case Started(var started) -> {
          requestSnapshot(started);
          var warm = Duration.ofNanos(System.nanoTime() - begun);
          return new Attempt.Entered(new Instance(host, name, started, fetchedAt, warm));
        }
        case Failed(var failure) -> {
          return new Attempt.Refused(reason(failure));
        }
        case HostLost(var reason) -> {
          tools.hosts().discard(host);
          log.atWarn()
              .addKeyValue("revision", command.revision())
              .addKeyValue("host", host.name())
              .addKeyValue("reason", reason)
              .log("host lost during a start");
        }
      }
    }
    return new Attempt.Refused(
        "Its host process ended during the start, %d times. Most likely its import takes more memory than there is: [tool.hearth] memory gives it a process of its own, of that size. Or another function of yours took the process with it: deploy again."
            .formatted(HOSTS_TRIED));
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
        artifact.path().stream().map(part -> folder.inside(Path.of(part)).toString()).toList(),
        artifact.late().map(late -> folder.inside(late).toString()).orElse(""),
        folder.inside(folder.temporary(name)).toString(),
        pass.map(NodeEgress::url).orElse(""),
        command.settings());
  }

  private static String reason(InstanceFailure failure) {
    return failure.traceback().isEmpty() ? failure.message() : failure.traceback().strip();
  }
}
