package dev.hearth.build.report;

import static java.util.stream.Collectors.toMap;

import dev.hearth.build.layer.Found;
import dev.hearth.build.layer.Layer;
import dev.hearth.contracts.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.cyclonedx.Version;
import org.cyclonedx.exception.GeneratorException;
import org.cyclonedx.generators.BomGeneratorFactory;
import org.cyclonedx.model.Bom;
import org.cyclonedx.model.Component;
import org.cyclonedx.model.Dependency;
import org.cyclonedx.model.Hash;
import org.cyclonedx.model.License;
import org.cyclonedx.model.LicenseChoice;
import org.cyclonedx.model.Metadata;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bill of materials, CycloneDX 1.6: each package with the hash of the layer that ships it. */
final class Sbom {

  private static final String SUBJECT = "function";
  private static final Pattern SPDX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]*");

  private Sbom() {}

  static JsonNode of(Digest artifact, List<Found> found) {
    var bom = new Bom();
    var metadata = new Metadata();
    // No timestamp: it would make the documents of equal artifacts differ.
    metadata.setTimestamp(null);
    var subject = component(Component.Type.APPLICATION, "function", "");
    subject.addHash(new Hash(Hash.Algorithm.SHA_256, artifact.hex()));
    subject.setBomRef(SUBJECT);
    metadata.setComponent(subject);
    bom.setMetadata(metadata);
    bom.setComponents(
        found.stream()
            .map(Found::layer)
            .sorted(Comparator.comparing(Layer::name))
            .map(layer -> {
              var component = component(Component.Type.LIBRARY, layer.name(), layer.version());
              component.setPurl(purl(layer));
              component.setBomRef(component.getPurl());
              component.addHash(new Hash(Hash.Algorithm.SHA_256, layer.digest().hex()));
              if (!layer.licence().isEmpty()) {
                component.setLicenses(licence(layer.licence()));
              }
              return component;
            })
            .toList());
    bom.setDependencies(dependencies(found));
    try {
      var text = BomGeneratorFactory.createJson(Version.VERSION_16, bom).toJsonString();
      return JsonMapper.shared().readTree(text);
    } catch (GeneratorException impossible) {
      throw new IllegalStateException("the generated bill of materials is invalid", impossible);
    }
  }

  private static String purl(Layer layer) {
    return "pkg:pypi/%s@%s".formatted(layer.name(), layer.version());
  }

  /**
   * Returns the dependencies between shipped packages. The function's direct dependencies are
   * unknown here, so it is said to depend on the packages that no other package requires.
   */
  private static List<Dependency> dependencies(List<Found> found) {
    var purls =
        found.stream().map(Found::layer).collect(toMap(Layer::name, Sbom::purl, (a, _) -> a));
    var asked = new HashSet<String>();
    var all = new ArrayList<Dependency>();
    for (var layer : found.stream().map(Found::layer).toList()) {
      var dependency = new Dependency(purl(layer));
      layer.content().requires().stream()
          .filter(name -> purls.containsKey(name) && !name.equals(layer.name()))
          .distinct()
          .sorted()
          .forEach(name -> {
            dependency.addDependency(new Dependency(purls.get(name)));
            asked.add(name);
          });
      all.add(dependency);
    }
    all.sort(Comparator.comparing(Dependency::getRef));
    var subject = new Dependency(SUBJECT);
    found.stream()
        .filter(each -> isDirect(each) || !asked.contains(each.layer().name()))
        .map(each -> purl(each.layer()))
        .distinct()
        .sorted()
        .forEach(purl -> subject.addDependency(new Dependency(purl)));
    all.addFirst(subject);
    return all;
  }

  /** Returns true if the chain consists of the project and the package. */
  private static boolean isDirect(Found found) {
    return found.chain().split(" → ").length == 2;
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

  /**
   * Returns the licence that the metadata states: anything from an SPDX expression to a sentence.
   */
  private static LicenseChoice licence(String text) {
    var licence = new License();
    if (isSpdx(text)) {
      licence.setId(text);
    } else {
      licence.setName(text);
    }
    var choice = new LicenseChoice();
    choice.addLicense(licence);
    return choice;
  }

  /** Returns true if a name is an SPDX identifier. The library has a text file for each one. */
  private static boolean isSpdx(String name) {
    return SPDX.matcher(name).matches()
        && !name.contains("exception")
        && License.class.getResource("/licenses/" + name + ".txt") != null;
  }
}
