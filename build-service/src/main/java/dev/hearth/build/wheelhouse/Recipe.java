package dev.hearth.build.wheelhouse;

import dev.hearth.build.project.DistributionName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * How a project is built for the platform's interpreter.
 *
 * @param project normalized
 * @param options pip's, beside those that every build gets
 * @param hosts what the build fetches from beside the package index
 * @param needs what must be installed where it is built; empty when nothing is known
 */
public record Recipe(
    String project, String version, List<String> options, Set<String> hosts, String needs) {

  private static final String RECIPES = "/wheelhouse/recipes.toml";

  /**
   * The recipe for {@code NAME==VERSION}, which need not be known, or for a known {@code NAME}.
   *
   * @throws IllegalArgumentException with what is known, when it is neither
   */
  public static Recipe of(String requirement) throws IOException {
    var parts = requirement.split("==", 2);
    var project = DistributionName.normalized(parts[0].strip());
    try (var stream = Recipe.class.getResourceAsStream(RECIPES)) {
      var recipes = new TomlMapper().readTree(stream);
      var known = recipes.path(project);
      var version =
          parts.length == 2
              ? Optional.of(parts[1].strip())
              : Optional.ofNullable(known.path("version").stringValue(null));
      if (!project.matches("[a-z0-9-]+")
          || version.filter(text -> text.matches("[A-Za-z0-9.!+]+")).isEmpty()) {
        throw new IllegalArgumentException(
            "%s is neither NAME==VERSION nor one of the recipes (%s)."
                .formatted(
                    requirement,
                    recipes.properties().stream()
                        .map(entry -> entry.getKey())
                        .sorted()
                        .collect(Collectors.joining(", "))));
      }
      return new Recipe(
          project,
          version.get(),
          texts(known.path("options")),
          new TreeSet<>(texts(known.path("hosts"))),
          known.path("needs").asString(""));
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  String requirement() {
    return project + "==" + version;
  }
}
