package dev.hearth.build.resolve;

import dev.hearth.build.lock.Requirement;
import dev.hearth.build.lock.Resolution;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The reasons for which a resolution could not be installed.
 *
 * @param before the resolution that could not be installed
 * @param lacking requirements without a usable wheel that are needed; at least one
 * @param without projects without a usable wheel that nothing needs
 * @param pure projects that work without their native modules
 */
public record StepBack(
    Resolution before, List<Requirement> lacking, Set<String> without, Set<String> pure) {

  public StepBack {
    lacking = List.copyOf(lacking);
    without = Set.copyOf(without);
    pure = Set.copyOf(pure);
  }

  /** Returns the names of the projects whose releases are lacking. */
  Set<String> lackingNames() {
    return lacking.stream().map(Requirement::name).collect(Collectors.toUnmodifiableSet());
  }
}
