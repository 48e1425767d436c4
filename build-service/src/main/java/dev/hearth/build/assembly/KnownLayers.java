package dev.hearth.build.assembly;

import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.build.layer.LayerIndex;
import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Index of the layers of earlier builds. Its key is a hash of everything that a layer is made from.
 */
final class KnownLayers {

  private final LayerIndex layers;
  private final Installer installer;

  KnownLayers(LayerIndex layers, Installer installer) {
    this.layers = layers;
    this.installer = installer;
  }

  /**
   * Looks up the layers of requirements.
   *
   * @param found receives the layers that exist
   * @return requirements that have no layer yet
   */
  List<Requirement> missing(Job job, Resolution resolution, List<Found> found) {
    var missing = new ArrayList<Requirement>();
    for (var requirement : resolution.requirements()) {
      var known =
          requirement.folder().isPresent()
              ? Optional.<List<Layer>>empty()
              : layers.find(key(job, resolution, requirement));
      if (known.isEmpty()) {
        missing.add(requirement);
      } else {
        known.get().stream()
            .map(layer -> new Found(layer, true, false, resolution.lock().chain(layer.name())))
            .forEach(found::add);
      }
    }
    return missing;
  }

  /** Remembers the layers of a requirement. */
  void keep(Job job, Resolution resolution, Requirement requirement, List<Layer> made) {
    layers.keep(key(job, resolution, requirement), made);
  }

  /** Returns the hash of everything that a layer is made from. */
  private String key(Job job, Resolution resolution, Requirement requirement) {
    var isPublic = installer.isPublic(resolution, requirement);
    var parts = new LinkedHashMap<String, String>();
    parts.put("format", Dependencies.FORMAT);
    parts.put("interpreter", job.target().id());
    parts.put("rules", job.rules().identity());
    parts.put("requirement", requirement.text());
    installer
        .prebuilt(job, resolution, requirement)
        .ifPresent(wheel -> parts.put("wheel", wheel.digest().value()));
    parts.put("foreign", String.valueOf(installer.isForeign(job, resolution, requirement)));
    parts.put("tenant", isPublic ? "" : job.request().tenant());
    return Dependencies.hash(parts);
  }
}
