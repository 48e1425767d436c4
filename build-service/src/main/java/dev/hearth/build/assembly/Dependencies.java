package dev.hearth.build.assembly;

import dev.hearth.build.assembly.Assembler.Request;
import dev.hearth.build.assembly.Assembler.StepWatch;
import dev.hearth.build.assembly.Program.Linked;
import dev.hearth.build.layer.Blobs;
import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.LayerIndex;
import dev.hearth.build.layer.LayerMaker;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import dev.hearth.build.project.Project;
import dev.hearth.build.python.Target;
import dev.hearth.build.reach.Needs;
import dev.hearth.build.resolve.StepBack;
import dev.hearth.build.session.Uv;
import dev.hearth.build.wheel.InstallPlace;
import dev.hearth.build.wheelhouse.Wheelhouses;
import dev.hearth.contracts.HearthException;
import dev.hearth.kit.transfer.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Turns a project's dependencies into layers. Layers of earlier builds are reused. */
public final class Dependencies {

  /** Version of the layer format. Raise it whenever layers are made or read differently. */
  static final String FORMAT = "12";

  private final Uv uv;
  private final KnownLayers known;
  private final ResolutionIndex resolutions;
  private final Blobs blobs;
  private final Wheelhouses wheelhouses;
  private final Installer installer;

  /**
   * Creates the step for all builds of a service.
   *
   * @param wheelhouses sources of wheels that replace those of public indexes
   * @param publicIndexes addresses of indexes that anyone may read; all tenants share layers from
   *     there, other layers belong to one tenant
   */
  public Dependencies(
      Uv uv,
      LayerIndex layers,
      ResolutionIndex resolutions,
      Blobs blobs,
      Wheelhouses wheelhouses,
      Set<String> publicIndexes) {
    this.uv = uv;
    this.resolutions = resolutions;
    this.blobs = blobs;
    this.wheelhouses = wheelhouses;
    this.installer = new Installer(blobs, publicIndexes);
    this.known = new KnownLayers(layers, installer);
  }

  /** Links a program with the layers of the project's dependencies. */
  Linked find(
      Target target,
      Request request,
      Project project,
      Program program,
      StepWatch watch,
      Consumer<String> log)
      throws IOException {
    // The key must be computed before uv writes a lock.
    var key = ResolutionKey.of(target, request.folder(), project);
    var wheelhouse = wheelhouses.current();
    try (var session =
        uv.session(
            target,
            request.tenant(),
            request.credentials(),
            wheelhouse,
            request.folder(),
            request.scratch())) {
      return find(new Job(target, session, wheelhouse, request, project, program, key, log), watch);
    }
  }

  private Linked find(Job job, StepWatch watch) throws IOException {
    var tenant = job.request().tenant();
    var known = resolutions.find(tenant, job.key().value(), job.key().isLocked());
    if (known.isPresent()) {
      job.log().accept("dependencies unchanged: reusing their resolution");
    }
    var resolution =
        known.isPresent()
            ? known.get()
            : job.session().resolve(job.project(), job.request().folder(), job.log());
    var narrowed = job.session().narrowed(resolution);
    watch.end("resolve");
    var own = job.project().isPackage() ? installProject(job) : List.<Found>of();
    var linked = link(job, narrowed, own, "packages");
    if (!linked.lacking().isEmpty()) {
      linked = stepBack(job, narrowed, own, linked, linked.lacking());
    } else if (!job.key().isLocked()) {
      linked = takeOffered(job, narrowed, own, linked);
    }
    if (known.isEmpty()) {
      // The resolution after a step back is not stored, because it depends on the code's imports.
      resolutions.keep(tenant, job.key().value(), resolution);
    }
    tell(job, linked);
    watch.end("install");
    return linked.linked();
  }

  /**
   * A program that was linked with the layers of one resolution.
   *
   * @param lacking needed requirements without a usable wheel
   * @param pure distributions that work without their native modules
   */
  private record Attempt(Linked linked, List<Requirement> lacking, Set<String> pure) {}

  /**
   * Finds or makes a layer of each requirement.
   *
   * @param found receives the layers, unless a wheel is missing
   * @return requirements without a usable wheel
   */
  private List<Requirement> install(Job job, Resolution resolution, String name, List<Found> found)
      throws IOException {
    var missing = known.missing(job, resolution, found);
    job.log()
        .accept(
            "%d packages resolved, %d layers reused, %d to install"
                .formatted(resolution.requirements().size(), found.size(), missing.size()));
    var lacking = new ArrayList<Requirement>();
    if (missing.isEmpty()) {
      return lacking;
    }
    var made = installer.install(job, resolution, missing, name);
    made.byRelease()
        .forEach((requirement, layers) -> known.keep(job, resolution, requirement, layers));
    made.lacking().ifPresent(lacking::add);
    if (lacking.isEmpty()) {
      made.layers().stream()
          .map(layer -> new Found(layer, false, false, resolution.lock().chain(layer.name())))
          .forEach(found::add);
    }
    return lacking;
  }

  private Attempt link(Job job, Resolution resolution, List<Found> own, String name)
      throws IOException {
    var found = new ArrayList<Found>();
    var lacking = install(job, resolution, name, found);
    found.addAll(own);
    var foreign = foreign(job, resolution);
    var linked =
        job.program()
            .link(found, names(foreign.stream().filter(job.session()::isKnownPure).toList()));
    linked
        .lacks()
        .forEach(lack ->
            job.log()
                .accept(
                    "%s needs the native module %s".formatted(lack.importedBy(), lack.module())));
    var lacked = linked.lacks().stream().map(Needs.Lack::distribution).collect(Collectors.toSet());
    foreign.stream()
        .filter(requirement -> lacked.contains(requirement.name()))
        .forEach(lacking::add);
    var pure =
        linked.used().stream()
            .filter(each -> !each.layer().content().lackedModules().isEmpty())
            .map(each -> each.layer().name())
            .filter(used -> !lacked.contains(used))
            .collect(Collectors.toSet());
    return new Attempt(linked, lacking, pure);
  }

  /**
   * Resolves once more if the wheelhouse offers a wheel for a dependency that is installed without
   * its native modules. Keeps the first attempt if that fails.
   */
  private Attempt takeOffered(Job job, Resolution resolution, List<Found> own, Attempt first)
      throws IOException {
    var offered =
        foreign(job, resolution).stream()
            .filter(requirement -> !job.session().isKnownPure(requirement))
            .filter(requirement -> installer.isPublic(resolution, requirement))
            .filter(requirement -> job.wheelhouse().offers(requirement.name()))
            .toList();
    if (offered.isEmpty()) {
      return first;
    }
    try {
      return stepBack(job, resolution, own, first, offered);
    } catch (HearthException unusable) {
      job.log().accept("not taken from the wheelhouse: " + unusable.getMessage());
      return first;
    }
  }

  private List<Requirement> foreign(Job job, Resolution resolution) {
    return resolution.requirements().stream()
        .filter(requirement -> installer.isForeign(job, resolution, requirement))
        .toList();
  }

  /** Resolves and links again, stepping back to releases that have a usable wheel. */
  private Attempt stepBack(
      Job job, Resolution resolution, List<Found> own, Attempt first, List<Requirement> lacking)
      throws IOException {
    var one = lacking.getFirst();
    if (job.key().isLocked()) {
      throw job.session().withoutWheel(one, resolution.lock(), "The lock pins it. ");
    }
    job.log().accept(one.name() + " has no usable wheel: stepping back to releases that have one");
    var names = names(lacking);
    var without =
        first.linked().without().stream()
            .filter(each -> !names.contains(each.layer().name()))
            .toList();
    var step =
        new StepBack(
            resolution,
            lacking,
            without.stream().map(each -> each.layer().name()).collect(Collectors.toSet()),
            first.pure().stream()
                .filter(name -> !names.contains(name))
                .collect(Collectors.toSet()));
    var stepped =
        job.session()
            .narrowed(
                job.session().resolveForPlatform(job.project(), job.request().folder(), step));
    var second = link(job, stepped, own, "stepped");
    if (!second.lacking().isEmpty()) {
      throw job.session().withoutWheel(second.lacking().getFirst(), stepped.lock(), "");
    }
    return new Attempt(second.linked().alsoWithout(without), List.of(), second.pure());
  }

  private static Set<String> names(List<Requirement> requirements) {
    return requirements.stream().map(Requirement::name).collect(Collectors.toSet());
  }

  private static void tell(Job job, Attempt attempt) {
    attempt
        .linked()
        .without()
        .forEach(each ->
            job.log()
                .accept(
                    "left out %s==%s: it has no wheel for %s, and the function starts without it (%s)"
                        .formatted(
                            each.layer().name(),
                            each.layer().version(),
                            job.target().title(),
                            each.chain())));
    attempt
        .pure()
        .forEach(name -> job.log().accept("taking " + name + " without its native modules"));
  }

  private List<Found> installProject(Job job) throws IOException {
    var scratch = Files.createDirectory(job.request().scratch().resolve("project"));
    var target = Files.createDirectory(scratch.resolve("packages"));
    var upload = job.request().folder();
    var source = Assembler.codeFolder(upload, job.project());
    job.session().buildFolder(source, new InstallPlace(upload, target, scratch), job.log());
    return new LayerMaker(job.rules(), blobs)
        .make(target, scratch, LayerMaker.Source.UPLOAD).stream()
            .map(layer -> new Found(layer, false, true, layer.name()))
            .toList();
  }

  static String hash(Map<String, String> parts) {
    var sha256 = Digests.sha256();
    parts.forEach((name, value) -> {
      sha256.update((name + "\0" + value + "\0").getBytes(StandardCharsets.UTF_8));
    });
    return Digests.of(sha256).hex();
  }
}
