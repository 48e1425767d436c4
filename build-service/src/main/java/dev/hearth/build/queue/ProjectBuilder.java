package dev.hearth.build.queue;

import dev.hearth.build.assembly.Assembler;
import dev.hearth.build.index.IndexLogins;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.kit.transfer.Archives;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Runs one build of the queue, from source archive to stored artifact. */
@Component
class ProjectBuilder {

  private final Assembler assembler;
  private final IndexLogins logins;
  private final ArtifactTransfer transfer;
  private final InstantSource clock;

  ProjectBuilder(
      Assembler assembler, IndexLogins logins, ArtifactTransfer transfer, InstantSource clock) {
    this.logins = logins;
    this.assembler = assembler;
    this.transfer = transfer;
    this.clock = clock;
  }

  /** A finished build: the event that announces it, and the outcome that later builds reuse. */
  record Built(BuildSucceeded event, BuildOutcome outcome) {}

  /**
   * Builds a source archive and stores the artifact.
   *
   * @param scratch an empty folder of the build's own
   * @throws HearthException if the project is at fault
   */
  Built build(QueuedBuild build, Path scratch, BuildLog log) throws IOException {
    var archive = scratch.resolve("source.zip");
    transfer.fetch(build.source(), archive);
    var source = Files.createDirectory(scratch.resolve("source"));
    Archives.unpack(archive, source);
    var work = Files.createDirectory(scratch.resolve("work"));
    var tenant = build.revision().function().tenant();
    var assembled =
        assembler.assemble(
            new Assembler.Request(
                tenant,
                source,
                build.entry(),
                logins.writeNetrc(tenant, scratch.resolve("netrc")),
                work),
            log);
    var config = assembled.config();
    var outcome =
        new BuildOutcome(
            assembled.digest(),
            assembled.bytes(),
            assembled.unpackedBytes(),
            assembled.reportDigest(),
            new RuntimeSettings(
                config.entry(),
                config.convention(),
                config.environment(),
                Duration.ofMillis(config.timeoutMillis()),
                config.concurrency(),
                config.nativeModules(),
                Optional.of(config.scaling()),
                config.egress(),
                config.onDisconnect()),
            assembled.isLocked());
    return new Built(event(build, outcome, assembled.timings()), outcome);
  }

  /** Returns the event of a build that reused another build's outcome. */
  BuildSucceeded repeat(QueuedBuild build, BuildOutcome outcome) {
    return event(build, outcome, Timings.none().with("reuse", Duration.ZERO));
  }

  private BuildSucceeded event(QueuedBuild build, BuildOutcome outcome, Timings timings) {
    return new BuildSucceeded(
        build.revision(),
        clock.instant(),
        outcome.artifact(),
        outcome.artifactBytes(),
        outcome.unpackedBytes(),
        outcome.settings().withEnvironment(build.environment()),
        timings,
        Optional.of(outcome.report()));
  }
}
