package dev.hearth.api.log;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.events.LogEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Stores log lines. Each log keeps its newest 10,000 lines. */
@Component
public class LogStore {

  private static final int KEPT = 10_000;
  private static final int SHOWN = 1 << 20;

  private final JdbcClient jdbc;

  LogStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Transactional
  public void add(LogEvent event) {
    var source =
        switch (event) {
          case LogEvent.BuildLogged _ -> LogSource.BUILD;
          case LogEvent.FunctionLogged _ -> LogSource.FUNCTION;
        };
    for (var line : event.lines()) {
      jdbc.sql(
              """
              INSERT INTO log_line (revision_id, source, at, text, level, invocation)
              SELECT id, :source, :at, :text, :level, :invocation FROM revision WHERE id = :revision
              """)
          .param("revision", event.revisionId())
          .param("source", source.name())
          .param("at", java.sql.Timestamp.from(line.at()))
          .param("text", clean(line.text()))
          .param("level", clean(line.level().orElse("")))
          .param("invocation", clean(line.invocation().orElse("")))
          .update();
    }
    trim(event.revisionId(), source);
  }

  /** Replaces NUL characters, which PostgreSQL refuses. */
  private static String clean(String text) {
    return text.replace('\0', '\uFFFD');
  }

  private void trim(UUID revision, LogSource source) {
    jdbc.sql(
            """
            DELETE FROM log_line
             WHERE revision_id = :revision AND source = :source
               AND id <= (SELECT id FROM log_line WHERE revision_id = :revision AND source = :source
                           ORDER BY id DESC OFFSET :kept LIMIT 1)
            """)
        .param("revision", revision)
        .param("source", source.name())
        .param("kept", KEPT)
        .update();
  }

  /**
   * A line of a log.
   *
   * @param id number that grows with each line
   * @param level the level of a record of {@code logging} in lower case, or empty
   * @param invocation the id of the call that printed the line, or empty
   */
  public record NumberedLine(long id, Instant at, String text, String level, String invocation) {}

  /** Returns at most 1,000 lines after the one with the id, oldest first. */
  public List<NumberedLine> after(UUID revision, LogSource source, long id) {
    return jdbc.sql(
            """
            SELECT id, at, text, level, invocation FROM log_line
             WHERE revision_id = :revision AND source = :source AND id > :id
             ORDER BY id LIMIT 1000
            """)
        .param("revision", revision)
        .param("source", source.name())
        .param("id", id)
        .query(LogStore::line)
        .list();
  }

  private static NumberedLine line(ResultSet row, int number) throws SQLException {
    return new NumberedLine(
        row.getLong("id"),
        row.getTimestamp("at").toInstant(),
        row.getString("text"),
        row.getString("level"),
        row.getString("invocation"));
  }

  /** Returns the newest lines up to 1 MiB of text, oldest first. */
  public List<NumberedLine> newest(UUID revision, LogSource source) {
    return jdbc.sql(
            """
            SELECT id, at, text, level, invocation
              FROM (SELECT *, sum(length(text)) OVER (ORDER BY id DESC) AS newer
                      FROM log_line WHERE revision_id = :revision AND source = :source) AS line
             WHERE newer <= :characters
             ORDER BY id
            """)
        .param("revision", revision)
        .param("source", source.name())
        .param("characters", SHOWN)
        .query(LogStore::line)
        .list();
  }

  /**
   * Returns the newest lines up to 1 MiB as text, each with time, level if it has one, and text.
   */
  public String text(UUID revision, LogSource source) {
    return newest(revision, source).stream()
        .map(line -> "%s%s %s\n".formatted(line.at(), word(line.level()), line.text()))
        .collect(Collectors.joining());
  }

  private static String word(String level) {
    return level.isEmpty() ? "" : " " + level.toUpperCase(Locale.ROOT);
  }

  /**
   * An entry of a function's log.
   *
   * @param id number that grows with each entry
   * @param level the level of a record of {@code logging} in lower case, or empty
   * @param invocation the id of the call that printed the entry, or empty
   * @param revision number of the revision that printed it
   */
  public record FunctionLine(
      long id, Instant time, String level, String invocation, int revision, String text) {

    /** Returns the entry as text: time, revision, level if it has one, and text. */
    public String line() {
      return "%s r%d%s %s".formatted(time, revision, word(level), text);
    }
  }

  /**
   * Returns the newest entries of a function's log up to 1 MiB, oldest first.
   *
   * @param revision number of the only revision to return entries of, else those of all
   * @param after id that all entries must exceed
   */
  public List<FunctionLine> ofFunction(
      FunctionKey function, Optional<Integer> revision, long after) {
    return jdbc.sql(
            """
            SELECT id, at, text, level, invocation, number
              FROM (SELECT *, sum(length(text)) OVER (ORDER BY id DESC) AS newer
                      FROM (SELECT log_line.*, revision.number
                              FROM log_line JOIN revision ON revision.id = revision_id
                             WHERE tenant = :tenant AND function = :function AND log_line.source = 'FUNCTION'
                               AND log_line.id > :after
                               AND number = coalesce(CAST(:number AS integer), number)
                             ORDER BY log_line.id DESC LIMIT :kept) AS kept) AS line
             WHERE newer <= :characters
             ORDER BY id
            """)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .param("after", after)
        .param("number", revision.orElse(null), Types.INTEGER)
        .param("kept", KEPT)
        .param("characters", SHOWN)
        .query(LogStore::functionLine)
        .list();
  }

  private static FunctionLine functionLine(ResultSet row, int number) throws SQLException {
    return new FunctionLine(
        row.getLong("id"),
        row.getTimestamp("at").toInstant(),
        row.getString("level"),
        row.getString("invocation"),
        row.getInt("number"),
        row.getString("text"));
  }
}
