package dev.hearth.build.resolve;

import dev.hearth.build.lock.Lock;
import dev.hearth.build.project.DistributionName;
import dev.hearth.build.resolve.DeclaredMetadata.Metadata;
import dev.hearth.build.source.SourceBuilds;
import dev.hearth.build.task.Together;
import dev.hearth.build.uv.UvCommand;
import dev.hearth.build.uv.UvCommand.Outcome;
import dev.hearth.build.uv.UvErrors;
import dev.hearth.build.wheelhouse.Wheelhouse;
import dev.hearth.contracts.HearthException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes uv lock a project without running code. Where uv would have to build a package to learn its
 * dependencies (a release without a wheel, a folder with a computed version), it stops. The package
 * is then built in the sandbox, and uv runs again with its metadata (docs/adr/0018).
 */
final class Locking {

  private static final Pattern UNBUILT =
      Pattern.compile(
          "Failed to (?:(?:download and )?build|generate package metadata for) "
              + "`(?<name>[A-Za-z0-9._-]+)(?:==(?<version>[^`]+)| @"
              + " (?<scheme>file://|editable\\+|directory\\+)(?<folder>[^`]+))`");

  /** Largest number of retries; uv reports one missing package at a time. */
  private static final int ROUNDS = 100;

  private final UvCommand uv;
  private final SourceBuilds builds;
  private final Wheelhouse wheelhouse;
  private final DeclaredMetadata declared;
  private final Place place;
  private final Set<String> open = new HashSet<>();

  /**
   * The files and folders of one lock.
   *
   * @param upload the source tree, where uv runs
   * @param declarations the file that declares the dependencies
   * @param lock the file that uv writes
   * @param script arguments that name a script, or none
   * @param scratch for builds
   */
  record Place(Path upload, Path declarations, Path lock, List<String> script, Path scratch) {}

  /**
   * Prepares to lock.
   *
   * @param declared receives the metadata that uv needs
   */
  Locking(
      UvCommand uv,
      SourceBuilds builds,
      Wheelhouse wheelhouse,
      DeclaredMetadata declared,
      Place place) {
    this.uv = uv;
    this.builds = builds;
    this.wheelhouse = wheelhouse;
    this.declared = declared;
    this.place = place;
  }

  /** Locks a project; an existing lock is the starting point. */
  Outcome lock(Consumer<String> log) throws IOException {
    // The output of runs that only lack metadata is not logged.
    var said = new ArrayList<String>();
    var outcome = run(said::add, List.of());
    for (int round = 0; round < ROUNDS && learn(outcome, log); round++) {
      said.clear();
      outcome = run(said::add, List.of());
    }
    said.forEach(log);
    return outcome;
  }

  /**
   * Returns true if the project's own lock is up to date. uv cannot tell for a project with a
   * computed version; such a project is locked again, and the releases must stay the same.
   */
  boolean fits(Consumer<String> log) throws IOException {
    var outcome = run(log, List.of("--check"));
    if (outcome.succeeded()) {
      return true;
    }
    var unbuilt = UNBUILT.matcher(outcome.output());
    if (!unbuilt.find() || unbuilt.group("folder") == null) {
      if (outcome.output().contains("needs to be updated") || unbuilt.reset().find()) {
        return false;
      }
      throw UvErrors.unresolved(outcome.told(), uv.target());
    }
    var own = Files.readAllBytes(place.lock());
    try {
      var before = Lock.read(place.lock()).fromIndexes();
      var again = lock(_ -> {});
      if (!again.succeeded()) {
        throw UvErrors.unresolved(again.told(), uv.target());
      }
      return before.equals(Lock.read(place.lock()).fromIndexes());
    } finally {
      Files.write(place.lock(), own);
    }
  }

  private Outcome run(Consumer<String> log, List<String> more) {
    var arguments = new ArrayList<>(List.of("lock", "--no-build-isolation"));
    arguments.addAll(place.script());
    arguments.addAll(more);
    try (var _ = declared.writeTo(place.declarations())) {
      return uv.run(place.upload(), log, arguments);
    }
  }

  /** Obtains the metadata that uv lacked; returns true if there is any that uv has not seen. */
  private boolean learn(Outcome outcome, Consumer<String> log) throws IOException {
    if (outcome.succeeded()) {
      return learnReleases(log);
    }
    var unbuilt = UNBUILT.matcher(outcome.output());
    if (!unbuilt.find()) {
      return false;
    }
    return unbuilt.group("folder") == null ? learnLater(unbuilt) : learnFolder(unbuilt, log);
  }

  private boolean learnFolder(Matcher unbuilt, Consumer<String> log) throws IOException {
    var written = unbuilt.group("folder");
    var path =
        unbuilt.group("scheme").startsWith("file")
            ? URLDecoder.decode(written.replace("+", "%2B"), StandardCharsets.UTF_8)
            : written;
    var folder = place.upload().resolve(path).normalize();
    var wheel = builds.folder(place.upload(), folder, place.scratch(), log);
    return declared.put(folder, Metadata.of(wheel));
  }

  /**
   * Declares a release without dependencies. The resulting lock names its source, which the next
   * round builds.
   */
  private boolean learnLater(Matcher unbuilt) throws IOException {
    var name = DistributionName.normalized(unbuilt.group("name"));
    var version = unbuilt.group("version");
    if (declared.has(name, version)) {
      return false;
    }
    var prebuilt = wheelhouse.find(name, version);
    if (prebuilt.isPresent()) {
      return declared.put(Metadata.of(prebuilt.get().file()).of(version));
    }
    open.add(name);
    return declared.put(Metadata.unknown(name, version));
  }

  private boolean learnReleases(Consumer<String> log) throws IOException {
    var lock = Lock.read(place.lock());
    var tasks = new ArrayList<Callable<Metadata>>();
    for (var name : open) {
      var locked = lock.last(name);
      var source = locked.flatMap(Lock.Locked::source);
      if (locked.isPresent() && source.isPresent()) {
        tasks.add(() -> metadata(locked.get(), source.get(), log));
      }
    }
    open.clear();
    var isNew = false;
    for (var metadata : Together.run(tasks)) {
      isNew |= declared.put(metadata);
    }
    return isNew;
  }

  /**
   * Builds a release and returns its metadata. A failure is only logged, because the release may be
   * for other platforms; if it is installed here, the installation fails with the reason.
   */
  private Metadata metadata(Lock.Locked locked, Lock.RemoteFile source, Consumer<String> log)
      throws IOException {
    var release = locked.name() + "==" + locked.version();
    try {
      var wheel = builds.release(release, source, place.scratch(), log);
      return Metadata.of(wheel).of(locked.version());
    } catch (HearthException unbuilt) {
      log.accept(
          "the dependencies of %s are unknown, because it could not be built".formatted(release));
      return Metadata.unknown(locked.name(), locked.version());
    }
  }
}
