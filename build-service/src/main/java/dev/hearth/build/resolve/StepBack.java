package dev.hearth.build.resolve;

import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is known when a project cannot be installed as it was resolved.
 *
 * @param before what it was resolved to
 * @param lacking has no usable wheel and is needed; at least one
 * @param without has none either, and nothing needs it
 * @param pure does without its native part
 */
public record StepBack(
    Resolution before, List<Requirement> lacking, Set<String> without, Set<String> pure) {

  public StepBack {
    lacking = List.copyOf(lacking);
    without = Set.copyOf(without);
    pure = Set.copyOf(pure);
  }

  /** The projects whose releases are lacking. */
  Set<String> lackingNames() {
    return lacking.stream().map(Requirement::name).collect(Collectors.toUnmodifiableSet());
  }
}
