package dev.hearth.api.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.api.ApiDatabase;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.BuildEvent.BuildFailed;
import dev.hearth.contracts.events.BuildEvent.BuildStarted;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.contracts.events.ReleaseEvent.RevisionFailed;
import dev.hearth.contracts.events.ReleaseEvent.RevisionReleased;
import dev.hearth.testkit.SampleSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RevisionProgressIT {

  private static final FunctionKey TEA = new FunctionKey("acme", "tea");
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
  private static final Digest ARTIFACT = Digest.ofHex("ab".repeat(32));
  private static final Timings TIMINGS = Timings.none().with("warm", Duration.ofMillis(12));

  @TempDir static Path folder;

  private static ApiDatabase database;

  private final RevisionStore store = new RevisionStore(database.jdbc(), JsonMapper.shared());
  private final RevisionProgress progress = new RevisionProgress(store, database.jdbc());

  @BeforeAll
  static void start() throws IOException {
    database = new ApiDatabase(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  @BeforeEach
  void addTheTenant() {
    database.reset();
  }

  private RevisionRef uploaded() {
    return store.add(TEA, UUID.randomUUID(), ARTIFACT.value(), 1, Duration.ofMillis(1));
  }

  private Revision find(RevisionRef revision) {
    return store.find(TEA, revision.number()).orElseThrow();
  }

  private static BuildSucceeded built(RevisionRef revision) {
    var settings = SampleSettings.of(Convention.ASGI);
    return new BuildSucceeded(
        revision, TIME, ARTIFACT, 1, 2, settings, Timings.none(), Optional.empty());
  }

  private RevisionRef released() {
    var revision = uploaded();
    progress.heard(new BuildStarted(revision, TIME));
    progress.heard(built(revision));
    progress.heard(new RevisionReleased(revision, TIME, TIMINGS));
    return revision;
  }

  @Test
  void becomesLiveWhenTheSchedulerSaysSo() {
    var revision = uploaded();
    progress.heard(new BuildStarted(revision, TIME));
    progress.heard(built(revision));
    assertThat(find(revision).state()).isEqualTo(RevisionState.WARMING);

    progress.heard(new RevisionReleased(revision, TIME, TIMINGS));

    assertThat(find(revision).state()).isEqualTo(RevisionState.LIVE);
    assertThat(find(revision).timings()).containsEntry("warm", 12.0);
  }

  @Test
  void supersedesOlderRevisions() {
    var older = released();

    var newer = released();

    assertThat(find(older).state()).isEqualTo(RevisionState.SUPERSEDED);
    assertThat(find(newer).state()).isEqualTo(RevisionState.LIVE);
  }

  @Test
  void takesAReleaseTwice() {
    var older = released();
    var newer = released();

    progress.heard(new RevisionReleased(older, TIME, TIMINGS));
    progress.heard(new RevisionReleased(newer, TIME, TIMINGS));

    assertThat(find(older).state()).isEqualTo(RevisionState.SUPERSEDED);
    assertThat(find(newer).state()).isEqualTo(RevisionState.LIVE);
  }

  @Test
  void takesEventsOfTopicsThatOvertakeEachOther() {
    var revision = uploaded();
    progress.heard(new RevisionReleased(revision, TIME, TIMINGS));

    progress.heard(built(revision));

    assertThat(find(revision).state()).isEqualTo(RevisionState.LIVE);
    assertThat(find(revision).entry()).isEqualTo("main:app");
  }

  @Test
  void failsWithTheReasonOfTheScheduler() {
    var revision = uploaded();
    progress.heard(built(revision));

    progress.heard(
        new RevisionFailed(revision, TIME, ErrorCode.START_FAILED, "ImportError: no tea"));

    assertThat(find(revision).state()).isEqualTo(RevisionState.FAILED);
    assertThat(find(revision).reason())
        .isEqualTo(new Revision.Reason("start_failed", "ImportError: no tea"));
  }

  @Test
  void saysWhichRevisionGoesOnServing() {
    var live = released();
    var failed = uploaded();

    progress.heard(new BuildFailed(failed, TIME, ErrorCode.SYNTAX_ERROR, "main.py, line 1\n"));

    assertThat(find(live).state()).isEqualTo(RevisionState.LIVE);
    assertThat(find(failed).reason())
        .isEqualTo(
            new Revision.Reason("syntax_error", "main.py, line 1\nRevision 1 goes on serving."));
  }

  @Test
  void keepsTheFirstReasonAndALiveRevision() {
    var failed = uploaded();
    progress.heard(new BuildFailed(failed, TIME, ErrorCode.ENTRY_NOT_FOUND, "no entry"));
    progress.heard(new RevisionFailed(failed, TIME, ErrorCode.START_FAILED, "late"));
    var live = released();
    progress.heard(new RevisionFailed(live, TIME, ErrorCode.START_FAILED, "late"));

    assertThat(find(failed).reason()).isEqualTo(new Revision.Reason("entry_not_found", "no entry"));
    assertThat(find(live).state()).isEqualTo(RevisionState.LIVE);
  }
}
