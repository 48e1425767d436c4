package dev.hearth.contracts.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Each event as it was written once must be readable for ever. A golden file is never edited. */
class GoldenEventsTest {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final UUID ID = UUID.fromString("00000000-0000-0000-0000-000000000001");
  private static final RevisionRef REVISION =
      new RevisionRef(ID, new FunctionKey("acme", "tea"), 3);
  private static final Digest DIGEST = Digest.ofHex("ab".repeat(32));
  private static final NodeRef NODE = new NodeRef("node-1", ID);
  private static final RuntimeSettings SETTINGS =
      new RuntimeSettings(
          "main:app",
          Convention.ASGI,
          Map.of("A", "b"),
          Duration.ofSeconds(30),
          Optional.empty(),
          true,
          Optional.empty(),
          Optional.empty());
  private static final Timings TIMINGS = new Timings(Map.of("warm", 12.5));

  static Stream<HearthEvent> events() {
    return Stream.of(
        new RevisionEvent.RevisionUploaded(
            REVISION, TIME, DIGEST, Optional.of("main:app"), Map.of("A", "b")),
        new BuildEvent.BuildStarted(REVISION, TIME),
        new BuildEvent.BuildSucceeded(
            REVISION, TIME, DIGEST, 10, 20, SETTINGS, TIMINGS, Optional.empty()),
        new BuildEvent.BuildFailed(REVISION, TIME, ErrorCode.ENTRY_NOT_FOUND, "none"),
        new ArtifactEvent.ArtifactPublished(REVISION, TIME, DIGEST, SETTINGS),
        new PlacementCommand.StartInstance(NODE, ID, REVISION, TIME, DIGEST, SETTINGS),
        new PlacementCommand.StopInstance(NODE, ID, TIME),
        new NodeEvent.NodeHeartbeat(NODE, TIME, URI.create("http://node:8084"), List.of(ID), 1),
        new InstanceEvent.InstanceReady(NODE, ID, REVISION, TIME, TIMINGS, List.of()),
        new InstanceEvent.ModulesMissed(NODE, ID, REVISION, TIME, List.of("tea.cup")),
        new InstanceEvent.InstanceFailed(NODE, ID, REVISION, TIME, "Traceback"),
        new RouteEvent.RoutePublished(
            REVISION,
            TIME,
            List.of(new RouteEvent.Target(ID, URI.create("http://node:8084"))),
            Convention.ASGI,
            Duration.ofSeconds(30),
            TIMINGS),
        new LogEvent.BuildLogged(ID, TIME, List.of(LogEvent.Line.of(TIME, "resolved"))),
        new LogEvent.FunctionLogged(ID, TIME, List.of(LogEvent.Line.of(TIME, "hello"))));
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsWhatWasWrittenByVersion1(HearthEvent event) throws IOException {
    var name = "/golden/" + event.getClass().getSimpleName() + ".v1.json";
    try (var golden = GoldenEventsTest.class.getResourceAsStream(name)) {
      assertThat(golden).as(name).isNotNull();
      var text = new String(golden.readAllBytes(), StandardCharsets.UTF_8);

      assertThat(JSON.readValue(text, event.getClass())).isEqualTo(event);
    }
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsWhatItWritesAndIgnoresWhatItDoesNotKnow(HearthEvent event) {
    var text = JSON.writeValueAsString(event);
    var newer = text.replaceFirst("\\{", "{\"addedLater\":1,");

    assertThat(JSON.readValue(newer, event.getClass())).isEqualTo(event);
  }
}
