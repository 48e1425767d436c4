package dev.hearth.build.wheelhouse;

import dev.hearth.build.lock.Requirement;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Advice for a release without a usable wheel. It recommends the wheelhouse only for releases with
 * a tested recipe, because most native projects do not build for GraalPy.
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
              "It needs the runtime `cpython`, which is not available yet. Use another package instead of %s."
                  .formatted(name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String of(Recipe recipe, Requirement requirement) {
    var command = "`./hearth wheelhouse add %s`".formatted(recipe.requirement());
    return requirement.version().filter(recipe.version()::equals).isPresent()
        ? "The operator can build one: %s.".formatted(command)
        : "%s is known to build. Require that release, and ask the operator to build its wheel: %s."
            .formatted(recipe.requirement(), command);
  }
}
