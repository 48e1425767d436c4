package dev.hearth.build.wheelhouse;

import dev.hearth.build.lock.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Advice for a release without a usable wheel. The wheelhouse is advised only where a recipe is
 * known to build the release, because most native projects do not build for GraalPy, and an
 * operator would wait minutes to learn that.
 */
public final class BuildAdvice {

  private BuildAdvice() {}

  /**
   * Returns the advice in one or two sentences.
   *
   * @param requirement a release, or a project of which no release is known
   */
  public static String of(Requirement requirement) {
    var name = requirement.name();
    try {
      return Recipe.known(name)
          .map(recipe -> of(recipe, requirement))
          .orElse(
              "Only the runtime `cpython`, which is not available yet, can use it: use another package in the place of %s."
                  .formatted(name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String of(Recipe recipe, Requirement requirement) {
    var command = "`./hearth wheelhouse add %s`".formatted(recipe.requirement());
    return requirement.version().filter(recipe.version()::equals).isPresent()
        ? "The operator can build one: %s.".formatted(command)
        : "%s is known to build: ask for that release, and have the operator build its wheel: %s."
            .formatted(recipe.requirement(), command);
  }
}
