package dev.hearth.executor.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.LogEvent.FunctionLogged;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.host.OutputLine;
import dev.hearth.executor.TestTicker;
import dev.hearth.executor.node.Node;
import dev.hearth.testkit.EventLog;
import dev.hearth.testkit.MovableClock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FunctionOutputTest {

  private static final UUID PLACEMENT = new UUID(0, 1);

  private final MovableClock clock = new MovableClock();
  private final EventLog events = new EventLog();
  private final FunctionOutput output =
      FunctionOutput.of(
          Node.of(new NodeRef("node", new UUID(0, 2))),
          events::publish,
          clock,
          new TestTicker(clock));
  private final RevisionRef revision =
      new RevisionRef(new UUID(0, 3), new FunctionKey("tenant", "function"), 1);

  private OutputLine line(String instance, String stream, String text) {
    return new OutputLine(clock.instant(), instance, stream, "", "", text);
  }

  @Test
  void publishesTheLinesOfARevisionTogether() {
    output.attribute(PLACEMENT, revision);
    output.accept(line(PLACEMENT + "-1", "stdout", "a"));
    output.accept(line(PLACEMENT + "-2", "stderr", "b"));

    output.flush();

    var event = events.awaitFirst(FunctionLogged.class);
    assertThat(event.revisionId()).isEqualTo(revision.id());
    assertThat(event.lines()).extracting(each -> each.text()).containsExactly("a", "b");
  }

  @Test
  void dropsLinesOfNobody() {
    output.accept(line(PLACEMENT + "-1", "stdout", "a"));
    output.accept(line("x", "stdout", "a"));
    output.accept(line("x".repeat(36), "stdout", "a"));

    output.flush();

    assertThat(events.all()).isEmpty();
  }

  @Test
  void tellsWhichModulesWereMissed() {
    output.attribute(PLACEMENT, revision);
    output.accept(line(PLACEMENT + "-1", OutputLine.LATE, "numpy.fft"));
    output.accept(line(PLACEMENT + "-1", OutputLine.LATE, "no module name"));

    output.flush();

    assertThat(events.awaitFirst(ModulesMissed.class).modules()).containsExactly("numpy.fft");
    assertThat(events.all()).hasSize(1);
  }

  @Test
  void forgetsAPlacementOnceItsLastLinesAreHere() {
    output.attribute(PLACEMENT, revision);
    output.forget(PLACEMENT);
    output.accept(line(PLACEMENT + "-1", "stdout", "last"));
    output.flush();
    assertThat(events.of(FunctionLogged.class)).hasSize(1);
    assertThat(output.placements()).isOne();

    clock.move(Duration.ofSeconds(61));
    output.flush();

    assertThat(output.placements()).isZero();
  }
}
