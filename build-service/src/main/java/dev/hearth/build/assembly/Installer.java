package dev.hearth.build.assembly;

import dev.hearth.build.layer.Blobs;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.layer.LayerMaker;
import dev.hearth.build.layer.LayerMaker.Source;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import dev.hearth.build.task.Together;
import dev.hearth.build.wheel.InstallPlace;
import dev.hearth.build.wheel.Installation.WheelMissing;
import dev.hearth.build.wheelhouse.Wheelhouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** Installs the requirements that have no layer yet and makes their layers. */
final class Installer {

  private final Blobs blobs;
  private final Set<String> publicIndexes;

  Installer(Blobs blobs, Set<String> publicIndexes) {
    this.blobs = blobs;
    this.publicIndexes = Set.copyOf(publicIndexes);
  }

  /**
   * Result of an installation.
   *
   * @param byRelease the layers of each release from an index; an empty list if the release's
   *     marker excludes the target
   * @param lacking a requirement without a usable wheel
   */
  record Made(
      List<Layer> layers, Map<Requirement, List<Layer>> byRelease, Optional<Requirement> lacking) {

    private static Made all(List<Made> parts) {
      var byRelease = new LinkedHashMap<Requirement, List<Layer>>();
      parts.forEach(part -> byRelease.putAll(part.byRelease()));
      return new Made(
          parts.stream()
              .flatMap(part -> part.layers().stream())
              .sorted(Comparator.comparing(Layer::name))
              .toList(),
          byRelease,
          parts.stream().flatMap(part -> part.lacking().stream()).findFirst());
    }
  }

  /**
   * Installs all requirements at the same time. Plain wheels are unpacked one by one; uv installs
   * the rest, and any wheel that turned out not to be plain.
   */
  Made install(Job job, Resolution resolution, List<Requirement> wanted, String name)
      throws IOException {
    var begun = System.nanoTime();
    var scratch = Files.createDirectory(job.request().scratch().resolve(name));
    var plain = wanted.stream().filter(each -> isPlain(job, resolution, each)).toList();
    var others = wanted.stream().filter(each -> !plain.contains(each)).toList();
    var tasks = new ArrayList<Callable<Made>>();
    for (var requirement : plain) {
      var own = scratch.resolve("plain-" + tasks.size());
      tasks.add(() -> makePlain(job, resolution, requirement, own));
    }
    tasks.addAll(byUv(job, resolution, others, scratch.resolve("others")));
    var made = Made.all(Together.run(tasks));
    var left = plain.stream().filter(each -> !made.byRelease().containsKey(each)).toList();
    var more = Made.all(Together.run(byUv(job, resolution, left, scratch.resolve("left"))));
    var all = Made.all(List.of(made, more));
    job.log()
        .accept(
            "made %d layers in %.1f s"
                .formatted(all.layers().size(), (System.nanoTime() - begun) / 1e9));
    return all;
  }

  private boolean isPlain(Job job, Resolution resolution, Requirement requirement) {
    return prebuilt(job, resolution, requirement).isEmpty()
        && job.session().isPlain(requirement, resolution.lock());
  }

  /** Makes the layer of one plain wheel; makes none if uv has to install the wheel. */
  private Made makePlain(Job job, Resolution resolution, Requirement requirement, Path scratch)
      throws IOException {
    var source = source(job, resolution, requirement);
    var folder = Files.createDirectory(scratch);
    var maker = new LayerMaker(job.rules(), blobs);
    var layers =
        job.session()
            .readPlain(
                requirement, resolution.lock(), folder, files -> maker.make(files, folder, source));
    layers.ifPresent(_ ->
        job.log()
            .accept(
                " + " + requirement.name() + requirement.version().map("=="::concat).orElse("")));
    return new Made(
        layers.orElse(List.of()),
        layers.map(made -> Map.of(requirement, made)).orElse(Map.of()),
        Optional.empty());
  }

  /**
   * Returns one task for each requirement that uv installs. Each has its own folder, so no wheel
   * can overwrite files of another.
   */
  private List<Callable<Made>> byUv(
      Job job, Resolution resolution, List<Requirement> wanted, Path scratch) {
    var tasks = new ArrayList<Callable<Made>>();
    for (var requirement : wanted) {
      var own = scratch.resolve(String.valueOf(tasks.size()));
      tasks.add(() -> make(job, resolution, requirement, own));
    }
    return tasks;
  }

  private Made make(Job job, Resolution resolution, Requirement requirement, Path scratch)
      throws IOException {
    var target = Files.createDirectories(scratch.resolve("packages"));
    var place = new InstallPlace(job.request().folder(), target, scratch);
    var prebuilt = prebuilt(job, resolution, requirement);
    if (prebuilt.isPresent()) {
      job.log().accept("taking " + prebuilt.get().file().getFileName() + " from the wheelhouse");
      job.session().installWheel(prebuilt.get().file(), target);
    } else {
      var outcome = job.session().install(requirement, resolution.lock(), place, job.log());
      if (outcome instanceof WheelMissing) {
        return new Made(List.of(), Map.of(), Optional.of(requirement));
      }
    }
    var source =
        requirement.folder().isPresent() ? Source.UPLOAD : source(job, resolution, requirement);
    var layers = new LayerMaker(job.rules(), blobs).make(target, scratch, source);
    if (requirement.folder().isPresent()) {
      return new Made(layers, Map.of(), Optional.empty());
    }
    var own = layers.stream().filter(layer -> layer.name().equals(requirement.name())).toList();
    return new Made(layers, Map.of(requirement, own), Optional.empty());
  }

  private Source source(Job job, Resolution resolution, Requirement requirement) {
    return isForeign(job, resolution, requirement) ? Source.FOREIGN_WHEELS : Source.WHEELS;
  }

  /**
   * Returns the wheelhouse's wheel for a release. Only releases from public indexes get one,
   * because a tenant's own package may have the same name.
   */
  Optional<Wheelhouse.Wheel> prebuilt(Job job, Resolution resolution, Requirement requirement) {
    return isPublic(resolution, requirement)
        ? requirement
            .version()
            .flatMap(version -> job.wheelhouse().find(requirement.name(), version))
        : Optional.empty();
  }

  /** Returns true if CPython's wheel is installed without its native modules. */
  boolean isForeign(Job job, Resolution resolution, Requirement requirement) {
    return prebuilt(job, resolution, requirement).isEmpty()
        && job.session().isSubstituted(requirement, resolution.lock());
  }

  boolean isPublic(Resolution resolution, Requirement requirement) {
    return resolution.lock().isFrom(requirement, publicIndexes);
  }
}
