package dev.hearth.build.session;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import dev.hearth.build.project.Project;
import dev.hearth.build.python.WheelTags;
import dev.hearth.build.resolve.PlatformResolver;
import dev.hearth.build.resolve.Resolver;
import dev.hearth.build.resolve.StepBack;
import dev.hearth.build.source.SourceBuilds;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvErrors;
import dev.hearth.build.uv.UvSettings;
import dev.hearth.build.wheel.InstallPlace;
import dev.hearth.build.wheel.Installation;
import dev.hearth.build.wheel.PlainWheels;
import dev.hearth.build.wheel.WheelInstaller;
import dev.hearth.build.wheel.WheelReader;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Resolves and installs the dependencies of one build. */
public final class UvSession implements AutoCloseable {

  private final UvCommand uv;
  private final UvSettings settings;
  private final WheelInstaller wheels;
  private final PlainWheels plainWheels;
  private final Resolver resolver;
  private final PlatformResolver platformResolver;
  private final SourceBuilds builds;
  private final Runnable end;

  UvSession(
      UvCommand uv,
      UvSettings settings,
      WheelInstaller wheels,
      PlainWheels plainWheels,
      Resolver resolver,
      PlatformResolver platformResolver,
      SourceBuilds builds,
      Runnable end) {
    this.uv = uv;
    this.settings = settings;
    this.wheels = wheels;
    this.plainWheels = plainWheels;
    this.resolver = resolver;
    this.platformResolver = platformResolver;
    this.builds = builds;
    this.end = end;
  }

  /**
   * Resolves a project to pinned, hashed requirements. A lock in the upload is honoured.
   *
   * @throws HearthException with uv's own explanation
   */
  public Resolution resolve(Project project, Path folder, Consumer<String> log) throws IOException {
    return resolver.resolve(project, folder, log);
  }

  /**
   * Returns the resolution with only the hash of the wheel that will be installed, where the lock
   * determines it.
   */
  public Resolution narrowed(Resolution resolution) {
    return new Resolution(
        resolution.requirements().stream()
            .map(requirement ->
                PlainWheels.find(
                        requirement, resolution.lock(), tags(requirement, resolution.lock()))
                    .map(requirement::only)
                    .orElse(requirement))
            .distinct()
            .toList(),
        resolution.lock());
  }

  /** Returns true if a release may be installed without uv. */
  public boolean isPlain(Requirement requirement, Lock lock) {
    return plainWheels.canFetch(requirement, lock, tags(requirement, lock));
  }

  /**
   * Reads a plain wheel.
   *
   * @param scratch an empty folder
   * @return nothing if uv has to install the wheel
   */
  public <T> Optional<T> readPlain(
      Requirement requirement, Lock lock, Path scratch, WheelReader<T> reader) throws IOException {
    return plainWheels.read(requirement, lock, tags(requirement, lock), scratch, reader);
  }

  /**
   * Resolves again for the target platform alone, stepping back to releases with a usable wheel.
   * Only for projects without a lock.
   */
  public Resolution resolveForPlatform(Project project, Path folder, StepBack step)
      throws IOException {
    return platformResolver.resolve(project, folder, step);
  }

  /**
   * Returns the error for a release without a usable wheel, with advice.
   *
   * @param why a further sentence, ending in a space, or empty
   */
  public HearthException withoutWheel(Requirement requirement, Lock lock, String why) {
    return platformResolver.withoutWheel(requirement, lock, why);
  }

  /**
   * Installs a requirement into a folder and checks its hash. A folder of the upload is built
   * first. A requirement whose marker excludes the target is skipped.
   */
  public Installation install(
      Requirement requirement, Lock lock, InstallPlace place, Consumer<String> log)
      throws IOException {
    var isFromIndex =
        requirement.isPinned()
            && !isSourceAlone(requirement, lock)
            && !isSubstituted(requirement, lock);
    if (isFromIndex) {
      // uv evaluates the marker.
      return wheels.install(requirement, lock, place, log);
    }
    var marker = requirement.marker();
    if (marker.isPresent() && !uv.fits(place.scratch(), marker.get())) {
      return new Installation.Installed();
    }
    if (requirement.folder().isPresent()) {
      buildFolder(place.upload().resolve(requirement.folder().get()).normalize(), place, log);
    } else if (!requirement.isPinned()) {
      throw UvErrors.fromAddress(requirement.name());
    } else if (isSourceAlone(requirement, lock)) {
      installSource(requirement, lock, place, log);
    } else {
      return installSubstitute(requirement.withoutMarker(), lock, place, log);
    }
    return new Installation.Installed();
  }

  private static boolean isSourceAlone(Requirement requirement, Lock lock) {
    return lock.nearest(requirement).filter(Lock.Locked::isSourceAlone).isPresent();
  }

  private WheelTags tags(Requirement requirement, Lock lock) {
    return isSubstituted(requirement, lock) ? uv.target().substitutes() : uv.target().wheels();
  }

  /** Returns true if CPython's wheel is installed without its native modules. */
  public boolean isSubstituted(Requirement requirement, Lock lock) {
    return isKnownPure(requirement)
        ? lock.nearest(requirement).filter(Lock.Locked::isForAnyPython).isEmpty()
        : lock.release(requirement).filter(locked -> locked.isUnusableFor(uv.target())).isPresent();
  }

  /** Returns true if the project is known to work without its native modules. */
  public boolean isKnownPure(Requirement requirement) {
    return settings.pureFallback().contains(requirement.name());
  }

  /** Installs CPython's wheel; layers leave its native modules out. */
  private Installation installSubstitute(
      Requirement requirement, Lock lock, InstallPlace place, Consumer<String> log)
      throws IOException {
    var outcome = wheels.installSubstitute(requirement, lock, place, log);
    if (outcome instanceof Installation.WheelMissing && isKnownPure(requirement)) {
      installSource(requirement, lock, place, log);
      return new Installation.Installed();
    }
    return outcome;
  }

  /**
   * Builds a release from source and installs it.
   *
   * @throws HearthException if it cannot be built or has no source distribution
   */
  private void installSource(
      Requirement requirement, Lock lock, InstallPlace place, Consumer<String> log)
      throws IOException {
    var source = lock.nearest(requirement).flatMap(Lock.Locked::source);
    if (source.isEmpty() || !requirement.text().contains(source.get().sha256())) {
      throw new HearthException(
          ErrorCode.DEPENDENCY_UNINSTALLABLE,
          "%s has no wheel for %s and no source distribution to build one from. Use another release."
              .formatted(requirement.name(), uv.target().title()));
    }
    var release = requirement.name() + requirement.version().map("=="::concat).orElse("");
    wheels.installFile(builds.release(release, source.get(), place.scratch(), log), place.target());
  }

  /** Builds a folder of the upload and installs its wheel. */
  public void buildFolder(Path source, InstallPlace place, Consumer<String> log)
      throws IOException {
    wheels.installFile(builds.folder(place.upload(), source, place.scratch(), log), place.target());
  }

  /** Installs a local wheel. */
  public void installWheel(Path wheel, Path target) {
    wheels.installFile(wheel, target);
  }

  @Override
  public void close() {
    end.run();
  }
}
