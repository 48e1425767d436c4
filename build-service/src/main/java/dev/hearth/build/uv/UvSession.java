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

  private static final String PYTHON_VERSION = "3.12";

  /** Whose wheels are taken in the place of ours, for all but what is native in them. */
  private static final String PLATFORM = "x86_64-manylinux_2_28";

  private final UvCommand uv;
  private final UvSettings settings;
  private final CPython python;
  private final Resolver resolver;
  private final SourceBuilds builds;
  private final Runnable end;

  UvSession(
      UvCommand uv,
      UvSettings settings,
      CPython python,
      Resolver resolver,
      SourceBuilds builds,
      Runnable end) {
    this.uv = uv;
    this.settings = settings;
    this.python = python;
    this.resolver = resolver;
    this.builds = builds;
    this.end = end;
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
  public Resolution resolve(Project project, Path folder, Consumer<String> log) throws IOException {
    return resolver.resolve(project, folder, log);
  }

  /**
   * Resolves once more for this platform alone, which steps back to releases that have a usable
   * wheel. For projects without a lock only.
   *
   * @param known the lock that was made before
   * @param lacking what in it has no usable wheel
   */
  public Resolution resolveForPlatform(
      Project project, Path folder, Lock known, Requirement lacking) {
    return resolver.resolveForPlatform(project, folder, known, lacking);
  }

  /**
   * Why a release cannot be installed, and what can be done.
   *
   * @param why one more sentence, ending in a space, or empty
   */
  public HearthException withoutWheel(Requirement requirement, Lock lock, String why) {
    return resolver.withoutWheel(requirement, lock, why);
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
        throw UvErrors.fromAddress(requirement.name());
      } else if (isSourceAlone(requirement, lock)) {
        installSource(requirement, lock, place, log);
      } else if (isForOtherPythons(requirement, lock)) {
        installForeign(requirement, lock, place, log);
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
      var outcome = installWheels(ours(), group.getKey(), group.getValue(), place, log);
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
      List<String> python,
      String index,
      List<Requirement> requirements,
      Place place,
      Consumer<String> log)
      throws IOException {
    var file =
        Files.writeString(place.scratch().resolve("wheels.txt"), Requirement.text(requirements));
    var arguments =
        new ArrayList<>(List.of("--require-hashes", "--no-build", "-r", file.toString()));
    if (!index.isEmpty() && !index.equals(PUBLIC_INDEX)) {
      arguments.addAll(List.of("--default-index", index));
    }
    var installed = uv.run(place.scratch(), log, install(python, place.target(), arguments));
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

  /** Whether installing it is better not done together with others. */
  public boolean isApart(Requirement requirement, Lock lock) {
    return requirement.folder().isPresent()
        || isSourceAlone(requirement, lock)
        || isForOtherPythons(requirement, lock);
  }

  private static boolean isSourceAlone(Requirement requirement, Lock lock) {
    var locked = lock.packages().get(requirement.name());
    return locked != null && locked.isSourceAlone();
  }

  /** Known to work without its native part, and without a wheel for any Python. */
  private boolean isForOtherPythons(Requirement requirement, Lock lock) {
    var locked = lock.packages().get(requirement.name());
    return settings.pureFallback().contains(requirement.name())
        && (locked == null || !locked.isForAnyPython());
  }

  /** Installs CPython's wheel; its native modules are left out of the layer like other files. */
  private void installForeign(Requirement requirement, Lock lock, Place place, Consumer<String> log)
      throws IOException {
    log.accept("taking " + requirement.name() + " without its native part");
    var outcome =
        installWheels(
            List.of(
                "--python",
                python.executable().toString(),
                "--python-version",
                PYTHON_VERSION,
                "--python-platform",
                PLATFORM),
            index(requirement, lock),
            List.of(requirement),
            place,
            log);
    if (outcome instanceof Installation.WheelMissing) {
      installSource(requirement, lock, place, log);
    }
  }

  /**
   * Builds a release from source and installs it.
   *
   * @throws HearthException when it cannot be built, or its source is not known
   */
  private void installSource(Requirement requirement, Lock lock, Place place, Consumer<String> log)
      throws IOException {
    var locked = lock.packages().get(requirement.name());
    var source = locked == null ? Optional.<Lock.SourceFile>empty() : locked.source();
    if (source.isEmpty() || !requirement.text().contains(source.get().sha256())) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "%s has no wheel for GraalPy and no source distribution to build one from."
              .formatted(requirement.name()));
    }
    var release = requirement.name() + requirement.version().map("=="::concat).orElse("");
    installWheel(builds.release(release, source.get(), place.scratch(), log), place.target());
  }

  /** Builds the wheel of a folder of the upload and installs it. */
  public void buildFolder(Path source, Place place, Consumer<String> log) throws IOException {
    installWheel(builds.folder(place.upload(), source, place.scratch(), log), place.target());
  }

  /** Installs a wheel that is here. */
  public void installWheel(Path wheel, Path target) {
    var installed =
        uv.run(target, _ -> {}, install(ours(), target, List.of("--no-build", wheel.toString())));
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

  private List<String> ours() {
    return List.of("--python", uv.interpreter().toString());
  }

  private static List<String> install(List<String> python, Path target, List<String> more) {
    var arguments =
        new ArrayList<>(
            List.of(
                "pip",
                "install",
                "--target",
                target.toString(),
                "--no-deps",
                "--link-mode",
                "copy",
                "--no-compile-bytecode"));
    arguments.addAll(python);
    arguments.addAll(more);
    return arguments;
  }
}
