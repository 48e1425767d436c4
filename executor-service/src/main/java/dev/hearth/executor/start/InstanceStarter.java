package dev.hearth.executor.start;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.contracts.host.OutputLine;
import dev.hearth.executor.artifact.UnpackedArtifact;
import dev.hearth.executor.host.Host;
import dev.hearth.executor.host.StartResult;
import dev.hearth.executor.host.StartResult.Failed;
import dev.hearth.executor.host.StartResult.HostLost;
import dev.hearth.executor.host.StartResult.Started;
import dev.hearth.executor.pool.InstanceSource;
import dev.hearth.executor.pool.ReadyInstance;
import dev.hearth.executor.runtime.Runtime;
import dev.hearth.executor.sandbox.HostFolder;
import dev.hearth.executor.sandbox.NodeEgress;
import dev.hearth.executor.tenant.HostRequest;
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
 * Starts the instances of one placement: restores an instance from the placement's snapshot, or
 * fetches the artifact and lets a host of the tenant import it.
 */
public final class InstanceStarter implements InstanceSource {

  private static final Logger log = LoggerFactory.getLogger(InstanceStarter.class);

  private final StartPlacement command;
  private final StartTools tools;
  private final Runtime runtime;
  private final AtomicInteger starts = new AtomicInteger();
  private final Optional<EgressPass> pass;
  private volatile boolean isEnded;

  public InstanceStarter(StartPlacement command, StartTools tools) {
    this.command = command;
    this.tools = tools;
    this.runtime = tools.runtimes().of(command.settings());
    this.pass = tools.egress().admit(command.revision().function(), command.settings().egress());
    tools.output().attribute(command.placement(), command.revision());
  }

  @Override
  public void end() {
    isEnded = true;
    pass.ifPresent(EgressPass::close);
    tools.snapshots().forget(command.placement());
    tools.output().forget(command.placement());
  }

  @Override
  public void discard(Host host) {
    tools.hosts().discard(host);
  }

  @Override
  public void tell(String text) {
    tools
        .output()
        .accept(
            new OutputLine(
                tools.clock().instant(),
                command.placement().toString(),
                "stderr",
                "warning",
                "",
                text));
  }

  @Override
  public Outcome start() throws InterruptedException {
    var artifact = artifact();
    try (var _ = tools.gate().start()) {
      var restored = restore(artifact);
      return restored.isPresent() ? restored.get() : startInPlace(artifact);
    } catch (HearthException refused) {
      return refused.code() == ErrorCode.NO_INSTANCE
          ? new Outcome.NoRoom(refused.detail())
          : new Outcome.Refused(refused.detail());
    }
  }

  UnpackedArtifact artifact() {
    return tools.artifacts().unpacked(command.artifact(), runtime);
  }

  private Outcome startInPlace(UnpackedArtifact artifact) throws InterruptedException {
    try (var _ = tools.limiter().take(command.revision().function().tenant())) {
      return startInSomeHost(artifact);
    }
  }

  private HostRequest request(String name) {
    return new HostRequest(
        command.revision().function().tenant(),
        runtime,
        runtime.sharing(command.settings()),
        heap(),
        name);
  }

  /**
   * Restores an instance from the placement's snapshot; empty if there is no snapshot or no room.
   */
  private Optional<Outcome> restore(UnpackedArtifact unpacked) throws InterruptedException {
    var images = tools.snapshots().of(command.placement());
    if (images.isEmpty()) {
      return Optional.empty();
    }
    var fetchedAt = tools.clock().instant();
    var begun = System.nanoTime();
    var name = snapshotName();
    try {
      var host =
          tools
              .hosts()
              .restored(
                  request(name),
                  images.get(),
                  folder -> tools.artifacts().shown(unpacked, folder.files()));
      if (host.isEmpty()) {
        tell("an instance starts slowly: the node has no memory for its snapshot now");
        return Optional.empty();
      }
      var result = host.get().resume(name);
      if (result instanceof Started(var started)) {
        var warm = Duration.ofNanos(System.nanoTime() - begun);
        return Optional.of(
            new Outcome.Started(new ReadyInstance(host.get(), name, started, fetchedAt, warm)));
      }
      tools.hosts().discard(host.get());
      if (result instanceof Failed(var failure)) {
        tell("the snapshot is discarded, because a hook after it failed: " + reason(failure));
      }
      throw new IllegalStateException("the restored instance did not resume");
    } catch (IOException | IllegalStateException failed) {
      tools.snapshots().discard(command.placement(), failed);
      return Optional.empty();
    }
  }

  /** Returns the name of the instance in a snapshot, and so of every one restored from it. */
  String snapshotName() {
    return command.placement() + "-snapshot";
  }

  private Optional<DataSize> heap() {
    return command.settings().scaling().flatMap(Scaling::memoryMiB).map(DataSize::ofMegabytes);
  }

  private Outcome startInSomeHost(UnpackedArtifact unpacked) throws InterruptedException {
    var fetchedAt = tools.clock().instant();
    // The bytecode comes too late for this start, but the next one uses it.
    tools.bytecode().request(runtime, unpacked.layers());
    var begun = System.nanoTime();
    for (int tried = 0; tried < tools.settings().hostsTried(); tried++) {
      var name = command.placement() + "-" + starts.incrementAndGet();
      var host = tools.hosts().of(request(name));
      switch (startIn(host, unpacked, name)) {
        case Started(var started) -> {
          if (heap().isEmpty()) {
            requestSnapshot(started);
          }
          var warm = Duration.ofNanos(System.nanoTime() - begun);
          return new Outcome.Started(new ReadyInstance(host, name, started, fetchedAt, warm));
        }
        case Failed(var failure) -> {
          return new Outcome.Refused(reason(failure));
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
    return new Outcome.Refused(
        "The host process ended %d times while the function started. Most likely its imports need more memory: set memory in [tool.hearth], which gives the function a process of its own. If another of your functions ended the process, deploy again."
            .formatted(tools.settings().hostsTried()));
  }

  private void requestSnapshot(InstanceStarted started) {
    tools
        .snapshots()
        .request(
            command.placement(), started, new PlacementSnapshot(this, tools, runtime, command));
    if (isEnded) {
      // The placement has ended during this start.
      tools.snapshots().forget(command.placement());
    }
  }

  /** Starts the instance in a host. */
  StartResult startIn(Host host, UnpackedArtifact unpacked, String name)
      throws InterruptedException {
    UnpackedArtifact artifact;
    try {
      artifact = tools.artifacts().shown(unpacked, host.folder().files());
    } catch (RuntimeException failed) {
      // Whatever failed, the host forgets the instance.
      host.forget(name);
      throw failed;
    }
    return host.start(specification(name, artifact, host.folder()));
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

  static String reason(InstanceFailure failure) {
    return failure.traceback().isEmpty() ? failure.message() : failure.traceback().strip();
  }
}
