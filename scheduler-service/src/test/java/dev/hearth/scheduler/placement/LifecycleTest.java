package dev.hearth.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LifecycleTest {

  private static final Map<RevisionState, Set<RevisionState>> REVISION =
      Map.of(
          RevisionState.WARMING,
          Set.of(RevisionState.ROUTED, RevisionState.FAILED, RevisionState.RETIRED),
          RevisionState.ROUTED,
          Set.of(RevisionState.LIVE, RevisionState.RETIRED),
          RevisionState.LIVE,
          Set.of(RevisionState.RETIRED),
          RevisionState.FAILED,
          Set.of(),
          RevisionState.RETIRED,
          Set.of());

  private static final Map<PlacementState, Set<PlacementState>> PLACEMENT =
      Map.of(
          PlacementState.STARTING,
          Set.of(PlacementState.READY, PlacementState.WITHDRAWN),
          PlacementState.READY,
          Set.of(PlacementState.WITHDRAWN),
          PlacementState.WITHDRAWN,
          Set.of());

  @ParameterizedTest
  @EnumSource
  void movesRevisionsForwardOnly(RevisionState from) {
    for (var next : RevisionState.values()) {
      assertThat(from.mayBecome(next)).isEqualTo(REVISION.get(from).contains(next));
    }
  }

  @ParameterizedTest
  @EnumSource
  void movesPlacementsForwardOnly(PlacementState from) {
    for (var next : PlacementState.values()) {
      assertThat(from.mayBecome(next)).isEqualTo(PLACEMENT.get(from).contains(next));
    }
  }
}
