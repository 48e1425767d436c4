package dev.hearth.build.assembly;

import dev.hearth.build.assembly.Program.Linked;
import dev.hearth.build.difference.DifferenceFinder;
import dev.hearth.build.entry.EntryFinder;
import dev.hearth.build.entry.EntryFinder.Entry;
import dev.hearth.build.layer.Blobs;
import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.pack.Packer;
import dev.hearth.build.pack.Packer.Packed;
import dev.hearth.build.pack.Pruned;
import dev.hearth.build.pack.Pruner;
import dev.hearth.build.pack.PruningRules;
import dev.hearth.build.project.Project;
import dev.hearth.build.project.Workspace;
import dev.hearth.build.python.StandardLibrary;
import dev.hearth.build.python.Target;
import dev.hearth.build.reach.Closure;
import dev.hearth.build.reach.ForeignImports;
import dev.hearth.build.report.BuildReport;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.HearthException;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.artifact.Descriptor;
import dev.hearth.contracts.artifact.FunctionConfig;
import dev.hearth.contracts.artifact.Manifest;
import dev.hearth.contracts.artifact.UnreachedDistribution;
import dev.hearth.kit.artifact.CanonicalJson;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Builds an artifact from a source tree: resolves dependencies, makes the layers that are missing,
 * follows imports, packs and stores. The same tree, lock and target give the same digest on any
 * machine.
 */
public final class Assembler {

  /** Begins lines of a build's log that the user should read even if all goes well. */
  private static final String WARNING = "warning: ";

  /** Rules whose files no function reads, and what the project itself leaves out. */
  private static final Set<String> NOT_TOLD = Set.of("bytecode", "tooling", "stubs", "project");

  private final Target target;
  private final Dependencies dependencies;
  private final Blobs blobs;

  public Assembler(Target target, Dependencies dependencies, Blobs blobs) {
    this.target = target;
    this.dependencies = dependencies;
    this.blobs = blobs;
  }

  /**
   * The input of a build.
   *
   * @param folder the source tree; files that the build itself writes there are not packed
   * @param entry overrides the project's entry
   * @param scratch an empty folder
   */
  public record Request(
      String tenant,
      Path folder,
      Optional<String> entry,
      Optional<Path> credentials,
      Path scratch) {}

  /**
   * Builds a source tree and stores the artifact.
   *
   * @throws HearthException if the project is at fault
   */
  public Assembled assemble(Request request, Consumer<String> log) throws IOException {
    var watch = new StepWatch();
    var project = Project.read(request.folder());
    var code = codeFolder(request.folder(), project);
    var rules =
        PruningRules.with(
            project.build().keep(), project.build().drop(), project.build().languages());
    // Read before uv writes a lock into the tree.
    var isLocked = project.isLocked(request.folder());
    var files = Pruner.files(code);
    var entry =
        EntryFinder.find(code, request.entry().or(project.settings()::entry), project.script());
    log.accept("entry " + entry.name());
    project.unread(code).forEach(unread -> log.accept(WARNING + unread));
    var program = new Program(entry.module(), files, rules);
    var linked = dependencies.find(target, request, project, program, watch, log);
    if (!linked.closure().importedBy().containsKey(entry.module())
        && !StandardLibrary.has(entry.module())) {
      throw EntryFinder.unknownModule(code, entry.name());
    }
    tellPruned(linked.pruned(), log);
    program
        .hidden(linked)
        .forEach(file ->
            log.accept(
                WARNING
                    + "%s has the name of a module of the standard library, which hides yours if it is loaded first. Rename it."
                        .formatted(file)));
    refuseForeign(linked, log);
    linked
        .nativeLibraries()
        .forEach((module, library) ->
            log.accept("native access enabled: %s imports %s".formatted(module, library)));
    var differences = differences(linked);
    differences.forEach(place -> log.accept(place.message()));
    return publish(new Parts(project, entry, isLocked, linked, differences), request, watch, log);
  }

  /** Refuses imports that would fail the start; warns of those that would fail a call. */
  private static void refuseForeign(Linked linked, Consumer<String> log) {
    for (var foreign :
        ForeignImports.find(linked.reachedCode(), linked.closure().importedBy().keySet())) {
      if (foreign.isCertain()) {
        throw new HearthException(ErrorCode.START_FAILED, foreign.message());
      }
      log.accept(WARNING + foreign.message());
    }
  }

  private List<DifferenceFinder.Place> differences(Linked linked) {
    return target.runtime().equals(Target.GRAALPY.runtime())
        ? DifferenceFinder.find(linked.reachedCode())
        : List.of();
  }

  /** Names what is left out of the project's own files, except what tools made. */
  private static void tellPruned(List<Pruned> pruned, Consumer<String> log) {
    var told =
        pruned.stream()
            .filter(each -> !NOT_TOLD.contains(each.rule()))
            .map(each -> "%s (%d)".formatted(each.rule(), each.files()))
            .collect(Collectors.joining(", "));
    if (!told.isEmpty()) {
      log.accept(
          "left out of your own files, by rule: %s. Name what the function reads in [tool.hearth.build] keep."
              .formatted(told));
    }
  }

  /** The parts that an artifact is packed from. */
  private record Parts(
      Project project,
      Entry entry,
      boolean isLocked,
      Linked linked,
      List<DifferenceFinder.Place> differences) {

    List<Found> found() {
      return linked.used();
    }

    List<Found> reached() {
      return found().stream()
          .filter(layer -> linked.closure().reached().contains(layer.layer().name()))
          .toList();
    }
  }

  private Assembled publish(Parts parts, Request request, StepWatch watch, Consumer<String> log)
      throws IOException {
    var linked = parts.linked();
    var closure = linked.closure();
    var packed = Packer.pack(linked.own(), request.scratch().resolve("code.zip"));
    blobs.store(packed.digest(), packed.file());
    var config = config(parts);
    watch.end("pack");
    var manifest = manifest(store(request, "config.json", config), packed, parts.found(), closure);
    var artifact = store(request, "manifest.json", manifest);
    var report =
        BuildReport.of(
            artifact.digest(),
            parts.entry(),
            parts.found(),
            linked.without(),
            closure,
            packed,
            linked.pruned(),
            parts.differences());
    var stored = store(request, "report.json", report);
    watch.end("publish");
    log.accept(
        "packed %s: %d packages of %d, %d modules left out, %d bytes"
            .formatted(
                artifact.digest(),
                parts.reached().size(),
                parts.found().size(),
                closure.leftOut().size(),
                report.sizes().artifact()));
    return new Assembled(
        artifact.digest(),
        manifest,
        config,
        report,
        stored.digest(),
        parts.isLocked(),
        bytes(artifact, manifest),
        report.sizes().artifact(),
        watch.timings());
  }

  private static long bytes(Descriptor artifact, Manifest manifest) {
    return artifact.size()
        + manifest.config().size()
        + manifest.layers().stream().mapToLong(Descriptor::size).sum();
  }

  private FunctionConfig config(Parts parts) {
    var settings = parts.project().settings();
    var closure = parts.linked().closure();
    return new FunctionConfig(
        target.id(),
        parts.entry().name(),
        parts.entry().convention(),
        settings.environment(),
        settings.timeout().toMillis(),
        settings.concurrency(),
        settings.scaling(),
        settings.egress(),
        settings.onDisconnect(),
        needsNative(parts.reached(), parts.linked()),
        closure.leftOut(),
        unreached(parts.found(), closure));
  }

  private static List<UnreachedDistribution> unreached(List<Found> found, Closure.Result closure) {
    return found.stream()
        .map(Found::layer)
        .filter(layer -> !closure.reached().contains(layer.name()))
        .map(layer ->
            new UnreachedDistribution(
                layer.name(),
                layer.version(),
                List.copyOf(layer.content().topLevel()),
                layer.content().entryPoints()))
        .toList();
  }

  private static boolean needsNative(List<Found> reached, Linked linked) {
    return !linked.nativeLibraries().isEmpty()
        || reached.stream().anyMatch(layer -> !layer.layer().content().nativeModules().isEmpty());
  }

  /**
   * Returns a fingerprint of the build logic. It changes whenever a release of Hearth may build a
   * different artifact from the same source.
   */
  public static String identity(Target target) {
    var parts = new TreeMap<String, String>();
    parts.put("interpreter", target.id());
    parts.put("layers", Dependencies.FORMAT);
    parts.put("rules", PruningRules.standard().identity());
    return Dependencies.hash(parts);
  }

  /** Returns the folder of the deployed workspace member, or the upload's root. */
  static Path codeFolder(Path folder, Project project) throws IOException {
    var member = project.build().member();
    return member.isEmpty() ? folder : Workspace.member(folder, member.get());
  }

  private static Manifest manifest(
      Descriptor config, Packed code, List<Found> found, Closure.Result closure) {
    var layers = new ArrayList<Descriptor>();
    layers.add(new Descriptor(Manifest.CODE_TYPE, code.digest(), code.bytes(), Map.of()));
    found.stream()
        .map(Found::layer)
        .sorted(Comparator.comparing(Layer::name))
        .forEach(layer -> layers.add(descriptor(layer, closure.reached().contains(layer.name()))));
    return Manifest.of(config, layers);
  }

  private static Descriptor descriptor(Layer layer, boolean reached) {
    var annotations = new TreeMap<String, String>();
    annotations.put(Descriptor.PACKAGE, layer.name());
    annotations.put(Descriptor.VERSION, layer.version());
    if (!reached) {
      annotations.put(Descriptor.UNREACHED, "true");
    }
    return new Descriptor(Manifest.LAYER_TYPE, layer.digest(), layer.bytes(), annotations);
  }

  private Descriptor store(Request request, String name, Object value) throws IOException {
    var bytes = CanonicalJson.bytes(value);
    var file = Files.write(request.scratch().resolve(name), bytes);
    var digest = Digests.of(file);
    blobs.store(digest, file);
    return new Descriptor(Manifest.CONFIG_TYPE, digest, bytes.length, Map.of());
  }

  /** Measures consecutive steps of a build. */
  static final class StepWatch {
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
