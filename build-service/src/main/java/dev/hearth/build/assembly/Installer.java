package dev.hearth.build.assembly;

import dev.hearth.build.layer.Blobs;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.layer.LayerMaker;
import dev.hearth.build.task.Together;
import dev.hearth.build.uv.Requirement;
import dev.hearth.build.uv.Resolution;
import dev.hearth.build.uv.UvSession;
import dev.hearth.build.uv.UvSession.Installation.WheelMissing;
import dev.hearth.build.uv.Wheelhouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Installs what no layer is known for, and makes layers of it. */
final class Installer {

  private final Blobs blobs;
  private final Set<String> publicIndexes;

  Installer(Blobs blobs, Set<String> publicIndexes) {
    this.blobs = blobs;
    this.publicIndexes = Set.copyOf(publicIndexes);
  }

  /**
   * What installing came to.
   *
   * @param lacking has no wheel that the platform's interpreter can use
   */
  record Made(List<Layer> layers, Optional<Requirement> lacking) {}

  /**
   * Installs and packs: what is built from source each for itself, what is another Python's and
   * what is ours in one go each, all at the same time.
   */
  Made install(Job job, Resolution resolution, List<Requirement> wanted, String name)
      throws IOException {
    var begun = System.nanoTime();
    var scratch = Files.createDirectory(job.request().scratch().resolve(name));
    var tasks = new ArrayList<Callable<Made>>();
    var wheels = new ArrayList<Requirement>();
    var foreign = new ArrayList<Requirement>();
    for (var requirement : wanted) {
      if (isForeign(job, resolution, requirement)) {
        foreign.add(requirement);
      } else if (prebuilt(job, resolution, requirement).isEmpty()
          && job.session().isApart(requirement, resolution.lock())) {
        var own = scratch.resolve(String.valueOf(tasks.size()));
        tasks.add(() -> make(job, resolution, List.of(requirement), own));
      } else {
        wheels.add(requirement);
      }
    }
    if (!foreign.isEmpty()) {
      tasks.addFirst(() -> make(job, resolution, foreign, scratch.resolve("foreign")));
    }
    tasks.addFirst(() -> make(job, resolution, wheels, scratch.resolve("wheels")));
    var made = Together.run(tasks);
    var layers =
        made.stream()
            .flatMap(one -> one.layers().stream())
            .sorted(Comparator.comparing(Layer::name))
            .toList();
    job.log()
        .accept(
            "made %d layers in %.1f s".formatted(layers.size(), (System.nanoTime() - begun) / 1e9));
    return new Made(layers, made.stream().flatMap(one -> one.lacking().stream()).findFirst());
  }

  private Made make(Job job, Resolution resolution, List<Requirement> wanted, Path scratch)
      throws IOException {
    var target = Files.createDirectories(scratch.resolve("packages"));
    var others = new ArrayList<Requirement>();
    for (var requirement : wanted) {
      var prebuilt = prebuilt(job, resolution, requirement);
      if (prebuilt.isPresent()) {
        job.log().accept("taking " + prebuilt.get().file().getFileName() + " from the wheelhouse");
        job.session().installWheel(prebuilt.get().file(), target);
      } else {
        others.add(requirement);
      }
    }
    var outcome =
        job.session()
            .install(
                others,
                resolution.lock(),
                new UvSession.Place(job.request().folder(), target, scratch),
                job.log());
    return outcome instanceof WheelMissing(var requirement)
        ? new Made(List.of(), Optional.of(requirement))
        : new Made(new LayerMaker(job.rules(), blobs).make(target, scratch), Optional.empty());
  }

  /**
   * What the wheelhouse has in the place of a release. Only of what comes from a public index: a
   * tenant's own package may have the same name.
   */
  Optional<Wheelhouse.Wheel> prebuilt(Job job, Resolution resolution, Requirement requirement) {
    return isPublic(resolution, requirement)
        ? requirement
            .version()
            .flatMap(version -> job.wheelhouse().find(requirement.name(), version))
        : Optional.empty();
  }

  /** Whether CPython's wheel is taken, without what is native in it. */
  boolean isForeign(Job job, Resolution resolution, Requirement requirement) {
    return prebuilt(job, resolution, requirement).isEmpty()
        && job.session().isForOtherPythons(requirement, resolution.lock());
  }

  boolean isPublic(Resolution resolution, Requirement requirement) {
    var locked = resolution.lock().packages().get(requirement.name());
    return locked != null && publicIndexes.contains(Dependencies.strip(locked.registry()));
  }
}
