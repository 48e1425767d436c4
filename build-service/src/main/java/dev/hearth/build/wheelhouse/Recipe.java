package dev.hearth.build.wheelhouse;

import dev.hearth.build.project.DistributionName;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Instructions to build a project's wheel for the target.
 *
 * @param project normalized name
 * @param options options of pip, in addition to those of every build
 * @param hosts hosts that the build contacts, in addition to the package index
 * @param needs programs that the building machine must have, or empty
 */
public record Recipe(
    String project, String version, List<String> options, Set<String> hosts, String needs) {

  private static final String RECIPES = "/wheelhouse/recipes.toml";

  /**
   * Returns the recipe for a requirement: {@code NAME==VERSION}, for which no recipe need exist, or
   * {@code NAME} of a project that has one.
   *
   * @throws IllegalArgumentException if it is neither; the message lists the recipes
   */
  public static Recipe of(String requirement) throws IOException {
    var parts = requirement.split("==", 2);
    var project = DistributionName.normalized(parts[0].strip());
    var recipes = recipes();
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
                      .map(Map.Entry::getKey)
                      .sorted()
                      .collect(Collectors.joining(", "))));
    }
    return read(project, version.get(), known);
  }

  /**
   * Returns the recipe of a project, with the version that it is known to build.
   *
   * @param project normalized
   */
  static Optional<Recipe> known(String project) throws IOException {
    var known = recipes().path(project);
    return Optional.ofNullable(known.path("version").stringValue(null))
        .map(version -> read(project, version, known));
  }

  private static JsonNode recipes() throws IOException {
    try (var stream = Recipe.class.getResourceAsStream(RECIPES)) {
      return new TomlMapper().readTree(stream);
    }
  }

  private static Recipe read(String project, String version, JsonNode recipe) {
    return new Recipe(
        project,
        version,
        texts(recipe.path("options")),
        new TreeSet<>(texts(recipe.path("hosts"))),
        recipe.path("needs").asString(""));
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  String requirement() {
    return project + "==" + version;
  }
}
