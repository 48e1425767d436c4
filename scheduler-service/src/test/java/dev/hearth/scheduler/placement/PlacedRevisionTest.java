package dev.hearth.scheduler.placement;

import static dev.hearth.scheduler.placement.PlacedRevision.State.FAILED;
import static dev.hearth.scheduler.placement.PlacedRevision.State.RETIRED;
import static dev.hearth.scheduler.placement.PlacedRevision.State.ROUTED;
import static dev.hearth.scheduler.placement.PlacedRevision.State.WARMING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.scheduler.placement.PlacedRevision.State;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlacedRevisionTest {

  private static final Map<State, Set<State>> MOVES =
      Map.of(
          WARMING, Set.of(ROUTED, FAILED, RETIRED),
          ROUTED, Set.of(RETIRED),
          FAILED, Set.of(),
          RETIRED, Set.of());

  @ParameterizedTest
  @EnumSource
  void movesForwardOnly(State from) {
    for (var next : State.values()) {
      assertThat(from.mayBecome(next)).isEqualTo(MOVES.get(from).contains(next));
    }
  }
}
