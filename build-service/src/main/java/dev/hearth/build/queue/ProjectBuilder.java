package dev.hearth.build.queue;

import dev.hearth.build.entry.EntryFinder;
import dev.hearth.build.pack.Packer;
import dev.hearth.build.project.Project;
import dev.hearth.build.uv.Uv;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.kit.transfer.ArtifactTransfer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.springframework.stereotype.Component;

/** One build from source archive to stored artifact. */
@Component
class ProjectBuilder {

  private final Uv uv;
  private final ArtifactTransfer transfer;
  private final InstantSource clock;

  ProjectBuilder(Uv uv, ArtifactTransfer transfer, InstantSource clock) {
    this.uv = uv;
    this.transfer = transfer;
    this.clock = clock;
  }

  /**
   * Builds.
   *
   * @param scratch an empty folder of the build's own
   * @throws HearthException when the project is at fault
   */
  BuildSucceeded build(QueuedBuild build, Path scratch, BuildLog log) throws IOException {
    var watch = new StepWatch();
    var source = unpack(build, scratch);
    var project = Project.read(source);
    var entry = EntryFinder.find(source, build.entry().or(project::entry));
    log.accept("entry " + entry.name());

    var requirements = uv.resolve(source, log);
    watch.end("resolve");

    var packages = Files.createDirectory(scratch.resolve("packages"));
    if (!uv.install(requirements, packages, scratch, log)) {
      if (uv.hasLock(source)) {
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            "uv.lock pins a release without a wheel that GraalPy can use; the build log names it. Pin one that has such a wheel, or deploy without uv.lock.");
      }
      log.accept("stepping back to releases with usable wheels");
      requirements = uv.resolveForPlatform(source, log);
      if (!uv.install(requirements, packages, scratch, log)) {
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            "A dependency has no wheel that GraalPy can use; the build log names it.");
      }
    }
    watch.end("install");

    // What an installer writes for the machine it runs on has no use elsewhere.
    org.springframework.util.FileSystemUtils.deleteRecursively(packages.resolve("bin"));
    Files.deleteIfExists(packages.resolve(".lock"));
    var packed =
        new Packer()
            .add("app", source)
            .add("packages", packages)
            .write(scratch.resolve("artifact.zip"));
    log.accept(
        "packed %d files, left out %d, %d bytes, %s"
            .formatted(packed.files(), packed.dropped(), packed.bytes(), packed.digest()));
    watch.end("pack");

    transfer.store(packed.digest(), packed.file());
    watch.end("publish");

    return new BuildSucceeded(
        build.revision(),
        clock.instant(),
        packed.digest(),
        packed.bytes(),
        packed.unpackedBytes(),
        new RuntimeSettings(
            entry.name(),
            entry.convention(),
            environment(project, build),
            project.timeout(),
            packed.nativeModules()),
        watch.timings());
  }

  private static Map<String, String> environment(Project project, QueuedBuild build) {
    var environment = new HashMap<>(project.environment());
    environment.putAll(build.environment());
    return environment;
  }

  /**
   * Unpacks the canonical archive that the API made; its names were checked there, and are once
   * more.
   */
  private Path unpack(QueuedBuild build, Path scratch) throws IOException {
    var archive = scratch.resolve("source.zip");
    transfer.fetch(build.source(), archive);
    var folder = Files.createDirectory(scratch.resolve("source"));
    try (var zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        var file = folder.resolve(entry.getName()).normalize();
        if (!file.startsWith(folder)) {
          throw new HearthException(
              ErrorCode.ARCHIVE_UNSAFE, "An entry leaves the archive: " + entry.getName());
        }
        Files.createDirectories(file.getParent());
        Files.copy(zip, file);
      }
    }
    return folder;
  }

  /** Measures steps that follow each other. */
  private static final class StepWatch {
    private Timings timings = Timings.none();
    private long begun = System.nanoTime();

    void end(String step) {
      var now = System.nanoTime();
      timings = timings.with(step, Duration.ofNanos(now - begun));
      begun = now;
    }

    Timings timings() {
      return timings;
    }
  }
}
