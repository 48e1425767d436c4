package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.scheduler.placement.Decision.NoteGateway;
import java.sql.Timestamp;
import java.time.Instant;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Stores gateways and their acknowledgements, within the caller's transaction. */
@Component
class GatewayStore {

  private final JdbcClient jdbc;

  GatewayStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Records a heartbeat and deletes the acknowledgements of the gateway's earlier runs. */
  void note(NoteGateway note, Instant at) {
    var gateway = note.gateway();
    jdbc.sql(
            """
            DELETE FROM acknowledgement
             WHERE gateway IN (SELECT name FROM gateway WHERE name = :name AND run <> :run)
            """)
        .param("name", gateway.name())
        .param("run", gateway.run())
        .update();
    jdbc.sql(
            """
            INSERT INTO gateway (name, run, sent_at, seen_at) VALUES (:name, :run, :sent, :seen)
            ON CONFLICT (name) DO UPDATE SET run = :run, sent_at = :sent, seen_at = :seen
            """)
        .param("name", gateway.name())
        .param("run", gateway.run())
        .param("sent", Timestamp.from(note.sentAt()))
        .param("seen", Timestamp.from(at))
        .update();
    note.generations()
        .forEach((function, generation) -> acknowledge(gateway.name(), function, generation));
  }

  private void acknowledge(String gateway, FunctionKey function, long generation) {
    jdbc.sql(
            """
            INSERT INTO acknowledgement AS known (gateway, tenant, function, generation)
            VALUES (:gateway, :tenant, :function, :generation)
            ON CONFLICT (gateway, tenant, function)
            DO UPDATE SET generation = greatest(known.generation, :generation)
            """)
        .param("gateway", gateway)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .param("generation", generation)
        .update();
  }

  /** Removes gateways that have been silent since the given time. */
  void forget(Instant silentSince) {
    jdbc.sql("DELETE FROM gateway WHERE seen_at < :since")
        .param("since", Timestamp.from(silentSince))
        .update();
  }
}
