package dev.hearth.build.uv;

import dev.hearth.build.project.Project;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Resolves and installs for one build. */
public final class UvSession implements AutoCloseable {

  /** uv's own default, which an operator may have put another one in the place of. */
  private static final String PUBLIC_INDEX = "https://pypi.org/simple";

  private final String tenant;
  private final UvCommand uv;
  private final UvSettings settings;
  private final WheelBuilder wheels;
  private final Resolver resolver;
  private final SourceDistribution sources;
  private final Runnable end;

  UvSession(
      String tenant,
      UvCommand uv,
      UvSettings settings,
      Resolver resolver,
      WheelBuilder wheels,
      SourceDistribution sources,
      Runnable end) {
    this.tenant = tenant;
    this.uv = uv;
    this.settings = settings;
    this.wheels = wheels;
    this.sources = sources;
    this.end = end;
    this.resolver = resolver;
  }

  /**
   * Where a build works.
   *
   * @param upload the source tree; requirements name their folders from there
   * @param target where packages are installed
   * @param scratch for everything else
   */
  public record Place(Path upload, Path target, Path scratch) {}

  /** What became of an installation. */
  public sealed interface Installation {
    /** Everything is there. */
    record Installed() implements Installation {}

    /** A release has no wheel that the platform's interpreter can use. */
    record WheelMissing(Requirement requirement) implements Installation {}
  }

  /**
   * Resolves a project to pinned, hashed requirements; a lock that it brings is honoured.
   *
   * @throws HearthException with uv's own explanation
   */
  public Resolution resolve(Project project, Path folder, Consumer<String> log) {
    return resolver.resolve(project, folder, log);
  }

  /**
   * Resolves once more for this platform alone, which steps back to releases that have a usable
   * wheel. For projects without a lock only.
   *
   * @param known the lock that was made before
   * @param scratch for what is only of use here
   */
  public Resolution resolveForPlatform(Project project, Path folder, Lock known, Path scratch) {
    return resolver.resolveForPlatform(project, folder, known, scratch);
  }

  /**
   * Why a release cannot be installed, and what can be done.
   *
   * @param why one more sentence, ending in a space, or empty
   */
  public HearthException withoutWheel(
      Requirement requirement, Lock lock, String why, Path scratch) {
    return resolver.withoutWheel(requirement, lock, why, scratch);
  }

  /** Installs requirements into a folder, each checked by hash; folders of the upload are built. */
  public Installation install(
      List<Requirement> requirements, Lock lock, Place place, Consumer<String> log)
      throws IOException {
    var fromIndex = new ArrayList<Requirement>();
    for (var requirement : requirements) {
      if (requirement.folder().isPresent()) {
        buildFolder(place.upload().resolve(requirement.folder().get()).normalize(), place, log);
      } else if (!requirement.isPinned()) {
        throw new HearthException(
            ErrorCode.DEPENDENCY_UNINSTALLABLE,
            "%s comes from an address, not from an index. Depend on a released version, or put its source into the upload ([tool.uv.sources] path)."
                .formatted(requirement.name()));
      } else if (isBuiltPure(requirement, lock)) {
        installPure(requirement, lock, place, log);
      } else {
        fromIndex.add(requirement);
      }
    }
    return fromIndex.isEmpty()
        ? new Installation.Installed()
        : installWheels(fromIndex, lock, place, log);
  }

  /** Each from the index that the lock names for it. */
  private Installation installWheels(
      List<Requirement> requirements, Lock lock, Place place, Consumer<String> log)
      throws IOException {
    var byIndex =
        requirements.stream()
            .collect(
                Collectors.groupingBy(
                    requirement -> index(requirement, lock), TreeMap::new, Collectors.toList()));
    for (var group : byIndex.entrySet()) {
      var outcome = installWheels(group.getKey(), group.getValue(), place, log);
      if (outcome instanceof Installation.WheelMissing) {
        return outcome;
      }
    }
    return new Installation.Installed();
  }

  private static String index(Requirement requirement, Lock lock) {
    var locked = lock.packages().get(requirement.name());
    return locked == null ? "" : locked.registry();
  }

  private Installation installWheels(
      String index, List<Requirement> requirements, Place place, Consumer<String> log)
      throws IOException {
    var file =
        Files.writeString(place.scratch().resolve("wheels.txt"), Requirement.text(requirements));
    var arguments =
        new ArrayList<>(List.of("--require-hashes", "--no-build", "-r", file.toString()));
    if (!index.isEmpty() && !index.equals(PUBLIC_INDEX)) {
      arguments.addAll(List.of("--default-index", index));
    }
    var installed = uv.run(place.scratch(), log, install(place.target(), arguments));
    if (installed.succeeded()) {
      return new Installation.Installed();
    }
    var missing = Resolver.WITHOUT_WHEEL.matcher(installed.output());
    if (missing.find()) {
      var name = Requirement.normalized(missing.group(1));
      return requirements.stream()
          .filter(requirement -> requirement.name().equals(name))
          .findFirst()
          .<Installation>map(Installation.WheelMissing::new)
          .orElseThrow(() -> UvErrors.unresolved(installed.output()));
    }
    throw new HearthException(
        ErrorCode.DEPENDENCY_UNINSTALLABLE,
        UvErrors.explain(installed.output(), "Check the index and the lock."));
  }

  /** Whether installing it takes a build from source. */
  public boolean isBuilt(Requirement requirement, Lock lock) {
    return requirement.folder().isPresent() || isBuiltPure(requirement, lock);
  }

  /** Listed, and without a wheel for any Python. */
  private boolean isBuiltPure(Requirement requirement, Lock lock) {
    var locked = lock.packages().get(requirement.name());
    return settings.pureFallback().contains(requirement.name())
        && (locked == null
            || locked.wheels().stream().noneMatch(wheel -> wheel.endsWith("-none-any.whl")));
  }

  /**
   * Builds a release from source without a compiler and installs it: many packages compile only
   * what makes them faster.
   *
   * @throws HearthException when it cannot do without, or its source is not known
   */
  private void installPure(Requirement requirement, Lock lock, Place place, Consumer<String> log)
      throws IOException {
    log.accept("building " + requirement.name() + " without its native part");
    var locked = lock.packages().get(requirement.name());
    var source = locked == null ? Optional.<Lock.SourceFile>empty() : locked.source();
    if (source.isEmpty() || !requirement.text().contains(source.get().sha256())) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "%s has no wheel for GraalPy and no source distribution to build one from."
              .formatted(requirement.name()));
    }
    var own = Files.createDirectory(place.scratch().resolve("source-" + requirement.name()));
    var tree = sources.fetch(source.get(), own);
    var wheel = wheels.build(tenant, tree, own.resolve("build"), requirement.name(), log);
    installWheel(wheel, place.target());
  }

  /** Builds the wheel of a folder of the upload and installs it. */
  public void buildFolder(Path source, Place place, Consumer<String> log) throws IOException {
    var upload = place.upload();
    if (!source.startsWith(upload) || !Files.isDirectory(source)) {
      throw new HearthException(
          ErrorCode.PROJECT_INVALID,
          "[tool.uv.sources] names a folder that is not in the upload: %s. Deploy the folder that holds both."
              .formatted(
                  source.startsWith(upload) ? upload.relativize(source) : source.getFileName()));
    }
    var what = source.equals(upload) ? "the project" : upload.relativize(source).toString();
    log.accept("building " + what);
    var own = Files.createTempDirectory(place.scratch(), "folder-");
    installWheel(wheels.build(tenant, source, own, what, log), place.target());
  }

  /** Installs a wheel that is here. */
  public void installWheel(Path wheel, Path target) {
    var installed =
        uv.run(target, _ -> {}, install(target, List.of("--no-build", wheel.toString())));
    if (!installed.succeeded()) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          UvErrors.explain(installed.output(), "The built wheel cannot be installed."));
    }
  }

  @Override
  public void close() {
    end.run();
  }

  private List<String> install(Path target, List<String> more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "pip",
                "install",
                "--python",
                uv.interpreter().toString(),
                "--target",
                target.toString(),
                "--no-deps",
                "--link-mode",
                "copy",
                "--no-compile-bytecode"));
    arguments.addAll(more);
    return arguments;
  }
}
