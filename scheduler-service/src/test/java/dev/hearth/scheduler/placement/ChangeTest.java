package dev.hearth.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangeTest {

  private static final List<String> RESTART = List.of("drop", "assign", "route");

  @Test
  void writesTheSameStepOfManyFunctionsAtOnce() {
    var changes =
        IntStream.range(0, 100)
            .boxed()
            .flatMap(i -> RESTART.stream().map(sql -> Change.of("acme/tea-" + i, sql)))
            .toList();

    var batches = Change.batches(changes);

    assertThat(batches).extracting(batch -> batch.getFirst().sql()).isEqualTo(RESTART);
    assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSize(100));
  }

  @Test
  void keepsTheOrderOfEachFunction() {
    var changes =
        List.of(
            Change.of("acme/tea", "assign"),
            Change.of("acme/milk", "route"),
            Change.of("acme/tea", "route"),
            Change.of("acme/milk", "assign"),
            Change.of("acme/tea", "route"));

    var batches = Change.batches(changes);

    assertThat(batches.stream().flatMap(List::stream).toList())
        .filteredOn(change -> change.aggregate().equals("acme/tea"))
        .extracting(Change::sql)
        .containsExactly("assign", "route", "route");
    assertThat(batches.stream().flatMap(List::stream).toList())
        .filteredOn(change -> change.aggregate().equals("acme/milk"))
        .extracting(Change::sql)
        .containsExactly("route", "assign");
  }

  @Test
  void refusesAMoveThatFoundNoRow() {
    var move = Change.of("acme/tea", "move").mustFind("revision acme/tea@1");

    assertThatCode(() -> move.check(1)).doesNotThrowAnyException();
    assertThatCode(() -> Change.of("acme/tea", "remove").check(0)).doesNotThrowAnyException();
    assertThatThrownBy(() -> move.check(0))
        .hasMessage("revision acme/tea@1 is not in the state that the planner saw");
  }
}
