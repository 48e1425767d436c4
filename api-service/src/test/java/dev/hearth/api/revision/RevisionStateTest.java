package dev.hearth.api.revision;

import static dev.hearth.api.revision.RevisionState.BUILDING;
import static dev.hearth.api.revision.RevisionState.FAILED;
import static dev.hearth.api.revision.RevisionState.LIVE;
import static dev.hearth.api.revision.RevisionState.QUEUED;
import static dev.hearth.api.revision.RevisionState.SUPERSEDED;
import static dev.hearth.api.revision.RevisionState.WARMING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RevisionStateTest {

  private static final Map<RevisionState, Set<RevisionState>> MOVES =
      Map.of(
          QUEUED, Set.of(BUILDING, WARMING, LIVE, FAILED, SUPERSEDED),
          BUILDING, Set.of(WARMING, LIVE, FAILED, SUPERSEDED),
          WARMING, Set.of(LIVE, FAILED, SUPERSEDED),
          LIVE, Set.of(SUPERSEDED),
          FAILED, Set.of(),
          SUPERSEDED, Set.of());

  @ParameterizedTest
  @EnumSource
  void movesForwardOnly(RevisionState from) {
    for (var next : RevisionState.values()) {
      assertThat(from.mayBecome(next)).isEqualTo(MOVES.get(from).contains(next));
    }
  }

  @ParameterizedTest
  @EnumSource
  void isOneLowerCaseWordInJson(RevisionState state) {
    assertThat(state.word()).matches("[a-z]+");
    assertThat(Arrays.stream(RevisionState.values()).map(RevisionState::word))
        .doesNotHaveDuplicates();
  }
}
