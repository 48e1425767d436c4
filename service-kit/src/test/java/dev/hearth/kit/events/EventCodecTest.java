package dev.hearth.kit.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.HearthEvent;
import dev.hearth.contracts.events.NodeEvent;
import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.contracts.events.ReleaseEvent;
import dev.hearth.contracts.events.ReleaseEvent.RevisionReleased;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;
import tools.jackson.databind.json.JsonMapper;

class EventCodecTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final UUID ID = new UUID(0, 1);
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final NodeRef NODE = new NodeRef("node-1", ID);
  private static final RevisionReleased RELEASED =
      new RevisionReleased(
          new RevisionRef(ID, new FunctionKey("acme", "tea"), 3), TIME, Timings.none());

  private final EventCodec codec = new EventCodec(JsonMapper.shared(), "scheduler-service");

  @AfterEach
  void leaveTheTrace() {
    Trace.enter(Optional.empty());
  }

  private Message<byte[]> write(HearthEvent event) {
    return codec.message(Envelope.of(event), event.key(), codec.payload(event));
  }

  private static Message<byte[]> message(String type, String payload) {
    return MessageBuilder.withPayload(payload.getBytes(StandardCharsets.UTF_8))
        .setHeader("ce_type", type)
        .build();
  }

  @Test
  void writesTheAttributesOfCloudEvents() {
    Trace.enter(Optional.of(TRACEPARENT));

    var headers = write(RELEASED).getHeaders();

    assertThat(headers)
        .containsAllEntriesOf(
            Map.of(
                "ce_specversion", "1.0",
                "ce_type", "dev.hearth.RevisionReleased.v1",
                "ce_source", "scheduler-service",
                "ce_time", "2026-01-02T03:04:05.678Z",
                "ce_tenant", "acme",
                "ce_traceparent", TRACEPARENT));
    assertThat(UUID.fromString(String.valueOf(headers.get("ce_id")))).isNotNull();
    assertThat((byte[]) headers.get("kafka_messageKey")).asString().isEqualTo("acme/tea");
  }

  @Test
  void omitsAbsentAttributes() {
    var beat = new NodeHeartbeat(NODE, TIME, URI.create("http://node:8084"), List.of(), 1);

    assertThat(write(beat).getHeaders())
        .containsEntry("ce_type", "dev.hearth.NodeHeartbeat.v2")
        .doesNotContainKeys("ce_tenant", "ce_traceparent");
  }

  @Test
  void readsWhatItWrites() {
    Trace.enter(Optional.of(TRACEPARENT));
    var message = write(RELEASED);

    assertThat(codec.read(ReleaseEvent.class, message)).isEqualTo(RELEASED);
    assertThat(EventCodec.trace(message)).contains(TRACEPARENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "StopInstance",
        "StopPlacement",
        "dev.hearth.StopInstance.v1",
        "dev.hearth.StopPlacement.v2",
        "dev.hearth.StopPlacement.v3"
      })
  void readsFormerNamesAndVersions(String type) {
    var node = "{\"name\":\"node-1\",\"run\":\"%s\"}".formatted(ID);
    var payload =
        "{\"node\":%s,\"instance\":\"%s\",\"occurredAt\":\"%s\"}".formatted(node, ID, TIME);

    assertThat(codec.read(PlacementCommand.class, message(type, payload)))
        .isEqualTo(new StopPlacement(NODE, ID, TIME));
  }

  @Test
  void refusesATypeOfAnotherTopic() {
    assertThatThrownBy(() -> codec.read(NodeEvent.class, write(RELEASED)))
        .isInstanceOf(UnreadableEventException.class)
        .hasMessage("unknown event type dev.hearth.RevisionReleased.v1 of topic NodeEvent");
  }

  @Test
  void refusesAMalformedBody() {
    assertThatThrownBy(() -> codec.read(NodeEvent.class, message("NodeHeartbeat", "[")))
        .isInstanceOf(UnreadableEventException.class);
  }
}
