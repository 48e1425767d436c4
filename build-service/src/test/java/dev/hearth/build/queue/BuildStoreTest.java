package dev.hearth.build.queue;

import static dev.hearth.build.queue.BuildState.FAILED;
import static dev.hearth.build.queue.BuildState.QUEUED;
import static dev.hearth.build.queue.BuildState.RUNNING;
import static dev.hearth.build.queue.BuildState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import dev.hearth.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

class BuildStoreTest {

  private static final Map<BuildState, Set<BuildState>> LEGAL =
      Map.of(
          QUEUED, EnumSet.of(RUNNING),
          RUNNING, EnumSet.of(RUNNING, SUCCEEDED, FAILED),
          SUCCEEDED, EnumSet.noneOf(BuildState.class),
          FAILED, EnumSet.noneOf(BuildState.class));

  @TempDir private static Path data;

  private static EmbeddedDatabase database;
  private static JdbcClient jdbc;
  private static TransactionTemplate transaction;
  private static BuildStore store;

  @BeforeAll
  static void start() throws IOException {
    database = EmbeddedDatabase.start(data);
    var source =
        new DriverManagerDataSource(
            database.url() + "&currentSchema=build", "postgres", "postgres");
    Flyway.configure()
        .dataSource(source)
        .schemas("build")
        .locations("classpath:db/migration/build")
        .load()
        .migrate();
    jdbc = JdbcClient.create(source);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(source));
    var settings =
        new BuildSettings(
            data,
            1,
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            3,
            Duration.ofHours(1),
            Set.of());
    store = new BuildStore(jdbc, JsonMapper.shared(), settings);
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  @BeforeEach
  void clear() {
    jdbc.sql("DELETE FROM build").update();
  }

  private static UUID add(String function, String content) {
    var id = UUID.randomUUID();
    var revision = new RevisionRef(id, new FunctionKey("tea", function), 1);
    store.add(
        new RevisionUploaded(
            revision, Instant.EPOCH, Digest.ofHex("ab".repeat(32)), Optional.empty(), Map.of()),
        content);
    return id;
  }

  private static Optional<QueuedBuild> take() {
    return transaction.execute(_ -> store.take());
  }

  private static BuildState state(UUID id) {
    return BuildState.valueOf(
        jdbc.sql("SELECT state FROM build WHERE revision_id = :id")
            .param("id", id)
            .query(String.class)
            .single());
  }

  private static void set(UUID id, BuildState state) {
    jdbc.sql("UPDATE build SET state = :state, attempts = 1 WHERE revision_id = :id")
        .param("state", state.name())
        .param("id", id)
        .update();
  }

  private static void endLeases() {
    jdbc.sql("UPDATE build SET lease_until = now() - interval '1 s'").update();
  }

  @ParameterizedTest
  @EnumSource(BuildState.class)
  void allowsOnlyLegalMoves(BuildState from) {
    for (var to : BuildState.values()) {
      assertThat(from.mayBecome(to)).as(from + " to " + to).isEqualTo(LEGAL.get(from).contains(to));
    }
  }

  @Test
  void takesAQueuedBuildOnce() {
    var id = add("cup", "content");

    assertThat(state(id)).isEqualTo(QUEUED);
    assertThat(take().orElseThrow().attempt()).isEqualTo(1);
    assertThat(state(id)).isEqualTo(RUNNING);
    assertThat(take()).isEmpty();
  }

  @Test
  void takesARunningBuildAgainWhenItsLeaseRanOut() {
    add("cup", "content");
    var first = take().orElseThrow();
    endLeases();

    var second = take().orElseThrow();

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(store.renew(first)).isFalse();
    assertThat(store.finish(first, SUCCEEDED, Optional.empty())).isFalse();
    assertThat(store.renew(second)).isTrue();
    assertThat(state(second.revision().id())).isEqualTo(RUNNING);
  }

  @ParameterizedTest
  @EnumSource(
      value = BuildState.class,
      names = {"SUCCEEDED", "FAILED"})
  void aRunningBuildEndsOnce(BuildState end) {
    var id = add("cup", "content");
    var build = take().orElseThrow();

    assertThat(store.finish(build, end, Optional.empty())).isTrue();

    assertThat(state(id)).isEqualTo(end);
    assertThat(store.finish(build, FAILED, Optional.empty())).isFalse();
    assertThat(store.finish(build, SUCCEEDED, Optional.empty())).isFalse();
    assertThat(store.renew(build)).isFalse();
    assertThat(take()).isEmpty();
    assertThat(state(id)).isEqualTo(end);
  }

  @ParameterizedTest
  @EnumSource(
      value = BuildState.class,
      names = {"QUEUED", "SUCCEEDED", "FAILED"})
  void onlyARunningBuildEnds(BuildState from) {
    var id = add("cup", "content");
    var build = take().orElseThrow();
    set(id, from);

    assertThat(store.finish(build, SUCCEEDED, Optional.empty())).isFalse();
    assertThat(state(id)).isEqualTo(from);
  }

  @Test
  void aRunningBuildIsNotQueuedAgain() {
    add("cup", "content");
    var build = take().orElseThrow();

    assertThatThrownBy(() -> store.finish(build, QUEUED, Optional.empty()))
        .hasMessage("a build that is RUNNING cannot become QUEUED");
  }

  @Test
  void aBuildWaitsForARunningBuildOfTheSameContent() {
    add("cup", "same");
    var first = take().orElseThrow();
    add("mug", "same");
    var other = add("pot", "other");

    assertThat(take().orElseThrow().revision().id()).isEqualTo(other);
    assertThat(take()).isEmpty();
    store.finish(first, FAILED, Optional.empty());
    assertThat(take().orElseThrow().revision().function().function()).isEqualTo("mug");
  }

  @Test
  void aBuildIsAddedOnce() {
    var id = add("cup", "content");
    var revision = new RevisionRef(id, new FunctionKey("tea", "cup"), 1);
    store.add(
        new RevisionUploaded(
            revision, Instant.EPOCH, Digest.ofHex("ab".repeat(32)), Optional.empty(), Map.of()),
        "content");

    assertThat(take()).isPresent();
    assertThat(take()).isEmpty();
  }
}
