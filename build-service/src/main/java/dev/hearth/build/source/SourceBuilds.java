package dev.hearth.build.source;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.wheelhouse.BuildAdvice;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The wheels that one build makes from sources. Each is made once, even if resolving needs its
 * metadata before it is installed.
 */
public final class SourceBuilds {

  private final String tenant;
  private final WheelBuilder wheels;
  private final SourceDistribution sources;
  private final Map<String, Path> built = new ConcurrentHashMap<>();

  public SourceBuilds(String tenant, WheelBuilder wheels, SourceDistribution sources) {
    this.tenant = tenant;
    this.wheels = wheels;
    this.sources = sources;
  }

  /**
   * Returns the wheel of a release.
   *
   * @param release {@code name==version}
   * @param scratch a folder for temporary files
   * @throws HearthException if it cannot be built without a compiler
   */
  public Path release(String release, Lock.RemoteFile source, Path scratch, Consumer<String> log)
      throws IOException {
    var known = built.get(source.sha256());
    if (known != null) {
      return known;
    }
    log.accept("building " + release + " from source");
    var own = Files.createTempDirectory(scratch, "source-");
    try {
      var tree = sources.fetch(source, own);
      var wheel = wheels.build(tenant, tree, own.resolve("build"), release, log);
      built.put(source.sha256(), wheel);
      return wheel;
    } catch (HearthException failed) {
      throw new HearthException(
          failed.code(),
          "%s has only a source distribution, which could not be built without a compiler. If it contains native code: %s\n%s"
              .formatted(
                  release,
                  BuildAdvice.of(Requirement.parse(release).getFirst()),
                  failed.getMessage()),
          failed);
    }
  }

  /**
   * Builds the wheel of a project folder in the upload; later calls return the same wheel.
   *
   * @throws HearthException if the folder is not in the upload
   */
  public Path folder(Path upload, Path source, Path scratch, Consumer<String> log)
      throws IOException {
    if (!source.startsWith(upload) || !Files.isDirectory(source)) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "[tool.uv.sources] names a folder that is not in the upload: %s. Deploy a folder that contains the project and this folder."
              .formatted(
                  source.startsWith(upload) ? upload.relativize(source) : source.getFileName()));
    }
    var known = built.get(source.toString());
    if (known != null) {
      return known;
    }
    var what = source.equals(upload) ? "the project" : upload.relativize(source).toString();
    log.accept("building " + what);
    var own = Files.createTempDirectory(scratch, "folder-");
    var wheel = wheels.build(tenant, source, own, what, log);
    built.put(source.toString(), wheel);
    return wheel;
  }
}
