package dev.hearth.api.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hearth.api.ApiDatabase;
import dev.hearth.api.log.LogStore.FunctionLine;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.LogEvent.BuildLogged;
import dev.hearth.contracts.events.LogEvent.FunctionLogged;
import dev.hearth.contracts.events.LogEvent.Line;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogStoreIT {

  private static final FunctionKey TEA = new FunctionKey("acme", "tea");
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");
  private static final UUID FIRST = new UUID(0, 1);
  private static final UUID SECOND = new UUID(0, 2);
  private static final UUID OTHER = new UUID(0, 3);

  @TempDir static Path folder;

  private static ApiDatabase database;

  private final LogStore store = new LogStore(database.jdbc());

  @BeforeAll
  static void start() throws IOException {
    database = new ApiDatabase(folder);
  }

  @AfterAll
  static void stop() throws IOException {
    database.close();
  }

  @BeforeEach
  void addRevisions() {
    database.reset();
    addRevision("tea", FIRST, 1);
    addRevision("tea", SECOND, 2);
    addRevision("coffee", OTHER, 1);
  }

  private void addRevision(String function, UUID id, int number) {
    database
        .jdbc()
        .sql(
            """
            INSERT INTO function (tenant, name, latest_revision) VALUES ('acme', ?, ?)
            ON CONFLICT (tenant, name) DO UPDATE SET latest_revision = excluded.latest_revision
            """)
        .params(function, number)
        .update();
    database
        .jdbc()
        .sql(
            """
            INSERT INTO revision (id, tenant, function, number, state, source, source_bytes, timings)
            VALUES (?, 'acme', ?, ?, 'LIVE', 'x', 1, '{}')
            """)
        .params(id, function, number)
        .update();
  }

  private void print(UUID revision, String... texts) {
    store.add(
        new FunctionLogged(
            revision,
            TIME,
            Stream.of(texts)
                .map(text -> new Line(TIME, text, Optional.of("error"), Optional.of("call")))
                .toList()));
  }

  private List<String> texts(Optional<Integer> revision, long after) {
    return store.ofFunction(TEA, revision, after).stream().map(FunctionLine::line).toList();
  }

  @Test
  void showsTheEntriesOfAllRevisionsInOrder() {
    print(FIRST, "one");
    print(SECOND, "two");
    print(FIRST, "three");
    print(OTHER, "coffee");
    store.add(new BuildLogged(SECOND, TIME, List.of(Line.of(TIME, "packed"))));

    assertThat(texts(Optional.empty(), 0))
        .containsExactly(
            "2026-01-02T03:04:05Z r1 ERROR one",
            "2026-01-02T03:04:05Z r2 ERROR two",
            "2026-01-02T03:04:05Z r1 ERROR three");
    assertThat(texts(Optional.of(2), 0)).containsExactly("2026-01-02T03:04:05Z r2 ERROR two");
  }

  @Test
  void continuesAfterAnEntry() {
    print(FIRST, "one", "two");
    var first = store.ofFunction(TEA, Optional.empty(), 0).getFirst();

    assertThat(store.ofFunction(TEA, Optional.empty(), first.id()))
        .extracting(FunctionLine::text)
        .containsExactly("two");
  }

  @Test
  void showsTheNewestMebibyte() {
    print(FIRST, "a".repeat(1 << 19), "b".repeat(1 << 19), "c".repeat(1 << 19));

    assertThat(store.ofFunction(TEA, Optional.empty(), 0))
        .extracting(line -> line.text().charAt(0))
        .containsExactly('b', 'c');
  }
}
