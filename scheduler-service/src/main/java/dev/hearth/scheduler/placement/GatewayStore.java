package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.scheduler.placement.Decision.NoteGateway;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores gateways and their acknowledgements, within the caller's transaction. */
@Component
class GatewayStore {

  private static final String AGGREGATE = "gateways";

  private final JdbcClient jdbc;

  GatewayStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Returns the changes that record a heartbeat and delete the acknowledgements of the gateway's
   * earlier runs.
   */
  static List<Change> changes(NoteGateway note, Instant at) {
    var gateway = note.gateway();
    var changes = new ArrayList<Change>();
    changes.add(
        Change.of(
                AGGREGATE,
                """
                DELETE FROM acknowledgement
                 WHERE gateway IN (SELECT name FROM gateway WHERE name = :name AND run <> :run)
                """)
            .with("name", gateway.name())
            .with("run", gateway.run()));
    changes.add(
        Change.of(
                AGGREGATE,
                """
                INSERT INTO gateway (name, run, sent_at, seen_at) VALUES (:name, :run, :sent, :seen)
                ON CONFLICT (name) DO UPDATE SET run = :run, sent_at = :sent, seen_at = :seen
                """)
            .with("name", gateway.name())
            .with("run", gateway.run())
            .with("sent", Timestamp.from(note.sentAt()))
            .with("seen", Timestamp.from(at)));
    if (!note.generations().isEmpty()) {
      changes.add(acknowledge(gateway.name(), note.generations()));
    }
    return changes;
  }

  private static Change acknowledge(String gateway, Map<FunctionKey, Long> generations) {
    var functions = List.copyOf(generations.keySet());
    return Change.of(
            AGGREGATE,
            """
            INSERT INTO acknowledgement AS known (gateway, tenant, function, generation)
            SELECT :gateway, heard.*
              FROM unnest(:tenants::text[], :functions::text[], :generations::bigint[]) AS heard
            ON CONFLICT (gateway, tenant, function)
            DO UPDATE SET generation = greatest(known.generation, excluded.generation)
            """)
        .with("gateway", gateway)
        .with("tenants", functions.stream().map(FunctionKey::tenant).toArray(String[]::new))
        .with("functions", functions.stream().map(FunctionKey::function).toArray(String[]::new))
        .with("generations", functions.stream().map(generations::get).toArray(Long[]::new));
  }

  /** Removes gateways that have been silent since the given time. */
  void forget(Instant silentSince) {
    jdbc.sql("DELETE FROM gateway WHERE seen_at < :since")
        .param("since", Timestamp.from(silentSince))
        .update();
  }
}
