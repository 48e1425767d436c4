package dev.hearth.build.report;

import dev.hearth.build.layer.Found;
import dev.hearth.contracts.Digest;
import java.util.List;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bill of materials, CycloneDX 1.6: each package with the hash of the layer that ships it. */
final class Sbom {

  private Sbom() {}

  static JsonNode of(Digest artifact, List<Found> found) {
    var bom = new Bom();
    var metadata = new Metadata();
    // The time of the build is the revision's; here it would make equal artifacts look different.
    metadata.setTimestamp(null);
    var subject = component(Component.Type.APPLICATION, "function", "");
    subject.addHash(new Hash(Hash.Algorithm.SHA_256, artifact.hex()));
    metadata.setComponent(subject);
    bom.setMetadata(metadata);
    bom.setComponents(
        found.stream()
            .map(Found::layer)
            .sorted(java.util.Comparator.comparing(layer -> layer.name()))
            .map(layer -> {
              var component = component(Component.Type.LIBRARY, layer.name(), layer.version());
              component.setPurl("pkg:pypi/%s@%s".formatted(layer.name(), layer.version()));
              component.setBomRef(component.getPurl());
              component.addHash(new Hash(Hash.Algorithm.SHA_256, layer.digest().hex()));
              if (!layer.licence().isEmpty()) {
                component.setLicenses(licence(layer.licence()));
              }
              return component;
            })
            .toList());
    try {
      var text = BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
      return JsonMapper.shared().readTree(text);
    } catch (GeneratorException impossible) {
      throw new IllegalStateException("a bill of materials of our own is valid", impossible);
    }
  }

  private static Component component(Component.Type type, String name, String version) {
    var component = new Component();
    component.setType(type);
    component.setName(name);
    if (!version.isEmpty()) {
      component.setVersion(version);
    }
    return component;
  }

  /** Metadata says anything from an SPDX expression to a whole licence's text. */
  private static LicenseChoice licence(String text) {
    var licence = new License();
    var firstLine = text.lines().findFirst().orElse("");
    licence.setName(firstLine.length() > 100 ? firstLine.substring(0, 100) : firstLine);
    var choice = new LicenseChoice();
    choice.addLicense(licence);
    return choice;
  }
}
