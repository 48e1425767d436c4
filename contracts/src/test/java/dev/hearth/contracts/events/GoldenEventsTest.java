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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** Checks that every version of every event stays readable. A golden file is never edited. */
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
        new PlacementCommand.StartPlacement(NODE, ID, REVISION, TIME, DIGEST, SETTINGS),
        new PlacementCommand.StopPlacement(NODE, ID, TIME),
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
            TIMINGS,
            7L),
        new ReleaseEvent.RevisionReleased(REVISION, TIME, TIMINGS),
        new ReleaseEvent.RevisionFailed(REVISION, TIME, ErrorCode.START_FAILED, "Traceback"),
        new GatewayEvent.GatewayHeartbeat(
            new GatewayRef("gateway-1", ID), TIME, Map.of("acme/tea", 7L)),
        new LogEvent.BuildLogged(ID, TIME, List.of(LogEvent.Line.of(TIME, "resolved"))),
        new LogEvent.FunctionLogged(ID, TIME, List.of(LogEvent.Line.of(TIME, "hello"))));
  }

  static Stream<Arguments> goldenFiles() {
    return events()
        .flatMap(event ->
            IntStream.rangeClosed(1, version(event))
                .mapToObj(version -> Arguments.of(event, version)));
  }

  @Test
  void coverEachEvent() {
    assertThat(events().map(Object::getClass))
        .containsExactlyInAnyOrderElementsOf(records(HearthEvent.class).toList());
  }

  private static Stream<? extends Class<?>> records(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(GoldenEventsTest::records)
        : Stream.of(type);
  }

  @ParameterizedTest
  @MethodSource("goldenFiles")
  void readsEachVersion(HearthEvent event, int version) throws IOException {
    var read = JSON.readValue(golden(event, version), event.getClass());

    assertThat(asVersion(version, read)).isEqualTo(asVersion(version, event));
  }

  @ParameterizedTest
  @MethodSource("events")
  void writesTheNewestVersion(HearthEvent event) throws IOException {
    var written = JSON.readTree(JSON.writeValueAsString(event));

    assertThat(written).isEqualTo(JSON.readTree(golden(event, version(event))));
  }

  private static int version(HearthEvent event) {
    var type = event.getClass().getAnnotation(EventType.class);
    return type == null ? 1 : type.version();
  }

  private static String golden(HearthEvent event, int version) throws IOException {
    var type = event.getClass().getAnnotation(EventType.class);
    var name = event.getClass().getSimpleName();
    var isFormer = type != null && !exists(file(name, version));
    var file = file(isFormer ? type.formerName() : name, version);
    try (var golden = GoldenEventsTest.class.getResourceAsStream(file)) {
      assertThat(golden).as(file).isNotNull();
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Removes the fields that later versions added, to compare an event with an earlier version. */
  private static String file(String name, int version) {
    return "/golden/%s.v%d.json".formatted(name, version);
  }

  private static boolean exists(String file) {
    return GoldenEventsTest.class.getResource(file) != null;
  }

  private static HearthEvent asVersion(int version, HearthEvent event) {
    return switch (event) {
      case RouteEvent.RoutePublished route when version < 2 ->
          new RouteEvent.RoutePublished(
              route.revision(),
              route.occurredAt(),
              route.targets(),
              route.convention(),
              route.timeout(),
              route.timings(),
              0L);
      default -> event;
    };
  }

  @ParameterizedTest
  @MethodSource("events")
  void readsWhatItWritesAndIgnoresUnknownFields(HearthEvent event) {
    var text = JSON.writeValueAsString(event);
    var newer = text.replaceFirst("\\{", "{\"addedLater\":1,");

    assertThat(JSON.readValue(newer, event.getClass())).isEqualTo(event);
  }
}
