package dev.hearth.build.resolve;

import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Input of a step back: a resolution and the requirements that prevented its installation.
 *
 * @param before the resolution that could not be installed
 * @param lacking required requirements without a usable wheel; at least one
 * @param without projects without a usable wheel that the program starts without
 * @param pure projects that work without their native modules
 */
public record StepBack(
    Resolution before, List<Requirement> lacking, Set<String> without, Set<String> pure) {

  public StepBack {
    lacking = List.copyOf(lacking);
    without = Set.copyOf(without);
    pure = Set.copyOf(pure);
  }

  /** Returns the names of the lacking requirements. */
  Set<String> lackingNames() {
    return lacking.stream().map(Requirement::name).collect(Collectors.toUnmodifiableSet());
  }
}
