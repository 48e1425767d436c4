package dev.hearth.api.log;

import dev.hearth.contracts.events.LogEvent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The table of log lines. A log keeps its newest lines. */
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
              INSERT INTO log_line (revision_id, source, at, text)
              SELECT id, :source, :at, :text FROM revision WHERE id = :revision
              """)
          .param("revision", event.revisionId())
          .param("source", source.name())
          .param("at", java.sql.Timestamp.from(line.at()))
          .param("text", line.text().replace('\0', '\uFFFD'))
          .update();
    }
    trim(event.revisionId(), source);
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

  /** A line of a log, numbered upwards. */
  public record NumberedLine(long id, Instant at, String text) {}

  /** The lines after one, in order; at most a thousand. */
  public List<NumberedLine> after(UUID revision, LogSource source, long id) {
    return jdbc.sql(
            """
            SELECT id, at, text FROM log_line
             WHERE revision_id = :revision AND source = :source AND id > :id
             ORDER BY id LIMIT 1000
            """)
        .param("revision", revision)
        .param("source", source.name())
        .param("id", id)
        .query((row, _) ->
            new NumberedLine(
                row.getLong("id"), row.getTimestamp("at").toInstant(), row.getString("text")))
        .list();
  }

  /** The newest mebibyte of lines in order, each with its time. */
  public String text(UUID revision, LogSource source) {
    return jdbc
        .sql(
            """
            SELECT at, text
              FROM (SELECT id, at, text, sum(length(text)) OVER (ORDER BY id DESC) AS newer
                      FROM log_line WHERE revision_id = :revision AND source = :source) AS line
             WHERE newer <= :characters
             ORDER BY id
            """)
        .param("revision", revision)
        .param("source", source.name())
        .param("characters", SHOWN)
        .query((row, _) -> row.getTimestamp("at").toInstant() + " " + row.getString("text") + "\n")
        .list()
        .stream()
        .collect(Collectors.joining());
  }
}
