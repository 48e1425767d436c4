package dev.hearth.kit.events;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The table {@code outbox} of the service's schema. A transactional advisory lock admits one relay
 * at a time; it ends with the transaction, so a killed service leaves no lock behind.
 */
final class JdbcOutboxTable implements OutboxTable {

  private final NamedParameterJdbcOperations batches;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;

  JdbcOutboxTable(NamedParameterJdbcOperations jdbc, TransactionTemplate transaction) {
    this.batches = jdbc;
    this.jdbc = JdbcClient.create(jdbc);
    this.transaction = transaction;
  }

  private static final Sending NOTHING = new Sending(List.of(), List.of());

  private record Row(long id, Entry entry) {}

  @Override
  public void append(List<Entry> entries) {
    batches.batchUpdate(
        """
        INSERT INTO outbox (event_id, topic, key, type, payload, occurred_at, tenant, trace)
        VALUES (:id, :topic, :key, :type, :payload, :at, :tenant, :trace)
        """,
        entries.stream().map(JdbcOutboxTable::parameters).toArray(SqlParameterSource[]::new));
  }

  private static SqlParameterSource parameters(Entry entry) {
    var envelope = entry.envelope();
    return new MapSqlParameterSource()
        .addValue("id", envelope.id())
        .addValue("topic", entry.topic())
        .addValue("key", entry.key())
        .addValue("type", envelope.type())
        .addValue("payload", entry.payload())
        .addValue(
            "at",
            envelope.time().map(time -> time.atOffset(ZoneOffset.UTC)).orElse(null),
            Types.TIMESTAMP_WITH_TIMEZONE)
        .addValue("tenant", envelope.tenant().orElse(null))
        .addValue("trace", envelope.trace().orElse(null));
  }

  @Override
  public int relay(int most, Function<List<Entry>, Sending> send) {
    var sending = transaction.execute(_ -> isAlone() ? send(most, send) : NOTHING);
    if (!sending.failures().isEmpty()) {
      throw sending.failures().getFirst();
    }
    return sending.sent().size();
  }

  private boolean isAlone() {
    return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtext('outbox.' || current_schema()))")
        .query(Boolean.class)
        .single();
  }

  private Sending send(int most, Function<List<Entry>, Sending> send) {
    var rows =
        jdbc.sql(
                """
                SELECT id, event_id, topic, key, type, payload, occurred_at, tenant, trace
                  FROM outbox ORDER BY id LIMIT :most
                """)
            .param("most", most)
            .query(JdbcOutboxTable::row)
            .list();
    if (rows.isEmpty()) {
      return NOTHING;
    }
    var sending = send.apply(rows.stream().map(Row::entry).toList());
    var sent = Set.copyOf(sending.sent());
    if (!sent.isEmpty()) {
      jdbc.sql("DELETE FROM outbox WHERE id IN (:ids)")
          .param(
              "ids", rows.stream().filter(row -> sent.contains(row.entry())).map(Row::id).toList())
          .update();
    }
    return sending;
  }

  private static Row row(ResultSet row, int index) throws SQLException {
    return new Row(
        row.getLong("id"),
        new Entry(
            new Envelope(
                row.getObject("event_id", UUID.class),
                row.getString("type"),
                Optional.ofNullable(row.getTimestamp("occurred_at")).map(Timestamp::toInstant),
                Optional.ofNullable(row.getString("tenant")),
                Optional.ofNullable(row.getString("trace"))),
            row.getString("topic"),
            row.getString("key"),
            row.getString("payload")));
  }
}
