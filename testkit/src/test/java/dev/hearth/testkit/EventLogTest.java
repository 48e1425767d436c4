package dev.hearth.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.events.NodeEvent;
import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventLogTest {

  private final EventLog log = new EventLog();
  private final NodeHeartbeat beat =
      new NodeHeartbeat(
          new NodeRef("one", new UUID(0, 1)),
          Instant.EPOCH,
          URI.create("http://localhost"),
          List.of(),
          1);

  @Test
  void givesAConsumerTheEventsOfItsTopicOnly() {
    var beats = new ArrayList<NodeEvent>();
    log.subscribe(NodeEvent.class, beats::add);
    log.subscribe(PlacementCommand.class, _ -> beats.clear());

    log.publish(beat);

    assertThat(beats).containsExactly(beat);
  }

  @Test
  void deliversAgainWhatWasDelivered() {
    var beats = new ArrayList<NodeEvent>();
    log.subscribe(NodeEvent.class, beats::add);
    log.publish(beat);

    log.redeliver();

    assertThat(beats).containsExactly(beat, beat);
    assertThat(log.all()).containsExactly(beat);
  }

  @Test
  void refusesEventsWhileItIsBroken() {
    log.breakDown();
    assertThatThrownBy(() -> log.publish(beat)).isInstanceOf(IllegalStateException.class);

    log.mend();
    log.publish(beat);

    assertThat(log.awaitFirst(NodeHeartbeat.class)).isEqualTo(beat);
  }
}
