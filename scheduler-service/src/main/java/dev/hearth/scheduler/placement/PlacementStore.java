package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.scheduler.placement.Decision.Accept;
import dev.hearth.scheduler.placement.Decision.Assign;
import dev.hearth.scheduler.placement.Decision.Drop;
import dev.hearth.scheduler.placement.Decision.Fail;
import dev.hearth.scheduler.placement.Decision.MarkReady;
import dev.hearth.scheduler.placement.Decision.NoteGateway;
import dev.hearth.scheduler.placement.Decision.NoteNode;
import dev.hearth.scheduler.placement.Decision.Postpone;
import dev.hearth.scheduler.placement.Decision.Promote;
import dev.hearth.scheduler.placement.Decision.PublishRoute;
import dev.hearth.scheduler.placement.Decision.Release;
import dev.hearth.scheduler.placement.Decision.Repeat;
import dev.hearth.scheduler.placement.Decision.Retire;
import dev.hearth.scheduler.placement.Decision.Stop;
import dev.hearth.scheduler.placement.Decision.StopStray;
import dev.hearth.scheduler.placement.Decision.Withdraw;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes decisions into the scheduler's tables, within the caller's transaction. */
@Component
class PlacementStore {

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final GatewayStore gateways;

  PlacementStore(JdbcClient jdbc, JsonMapper json, GatewayStore gateways) {
    this.jdbc = jdbc;
    this.json = json;
    this.gateways = gateways;
  }

  /** Takes the lock of the one deciding scheduler, held until the transaction ends. */
  void lock() {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('placement'))").query((_, _) -> true).list();
  }

  /**
   * Writes a decision's changes into the tables.
   *
   * @param at time of the decision
   */
  void apply(Decision decision, Instant at) {
    switch (decision) {
      case NoteNode note -> note(note, at);
      case NoteGateway note -> gateways.note(note, at);
      case Accept accept -> add(accept, at);
      case Assign assign -> add(assign, at);
      case MarkReady(var ref, var id) -> {
        markReady(id);
        postpone(ref.id(), null);
      }
      case Withdraw(_, var id, var generation) -> withdraw(id, generation);
      case Stop(_, var id, _) -> remove(id);
      case Drop(_, var id) -> remove(id);
      case PublishRoute publish -> put(publish);
      case Promote(var ref) -> move(ref, RevisionState.WARMING, RevisionState.ROUTED);
      case Release(var ref, _) -> move(ref, RevisionState.ROUTED, RevisionState.LIVE);
      case Retire(var ref, var from) -> move(ref, from, RevisionState.RETIRED);
      case Fail(var ref, _) -> move(ref, RevisionState.WARMING, RevisionState.FAILED);
      case Postpone(var ref, var until) -> postpone(ref.id(), until);
      case Repeat _, StopStray _ -> {}
    }
  }

  private void note(NoteNode note, Instant at) {
    jdbc.sql(
            """
            INSERT INTO node (name, run, url, sent_at, seen_at) VALUES (:name, :run, :url, :sent, :seen)
            ON CONFLICT (name) DO UPDATE SET run = :run, url = :url, sent_at = :sent, seen_at = :seen
            """)
        .param("name", note.node().name())
        .param("run", note.node().run())
        .param("url", note.url().toString())
        .param("sent", Timestamp.from(note.sentAt()))
        .param("seen", Timestamp.from(at))
        .update();
  }

  private void add(Accept accept, Instant at) {
    var ref = accept.revision();
    jdbc.sql(
            """
            INSERT INTO revision (id, tenant, function, number, artifact, settings, state, created_at)
            VALUES (:id, :tenant, :function, :number, :artifact, :settings, :state, :at)
            """)
        .param("id", ref.id())
        .param("tenant", ref.function().tenant())
        .param("function", ref.function().function())
        .param("number", ref.number())
        .param("artifact", accept.artifact().value())
        .param("settings", json.writeValueAsString(accept.settings()))
        .param("state", accept.state().name())
        .param("at", Timestamp.from(at))
        .update();
  }

  private void add(Assign assign, Instant at) {
    jdbc.sql(
            """
            INSERT INTO placement (id, revision_id, node, node_run, state, created_at)
            VALUES (:id, :revision, :node, :run, 'STARTING', :at)
            """)
        .param("id", assign.placement())
        .param("revision", assign.revision().id())
        .param("node", assign.node().name())
        .param("run", assign.node().run())
        .param("at", Timestamp.from(at))
        .update();
  }

  private void withdraw(UUID id, long generation) {
    one(
        "placement " + id,
        jdbc.sql(
                """
                UPDATE placement SET state = 'WITHDRAWN', generation = :generation
                 WHERE id = :id AND state IN ('STARTING', 'READY')
                """)
            .param("generation", generation)
            .param("id", id)
            .update());
  }

  private void markReady(UUID id) {
    one(
        "placement " + id,
        jdbc.sql("UPDATE placement SET state = 'READY' WHERE id = :id AND state = 'STARTING'")
            .param("id", id)
            .update());
  }

  private void move(RevisionRef revision, RevisionState from, RevisionState to) {
    one(
        "revision " + revision,
        jdbc.sql("UPDATE revision SET state = :to WHERE id = :id AND state = :from")
            .param("to", to.name())
            .param("id", revision.id())
            .param("from", from.name())
            .update());
  }

  private void postpone(UUID revision, @Nullable Instant until) {
    jdbc.sql("UPDATE revision SET not_before = :until WHERE id = :id")
        .param(
            "until",
            until == null ? null : until.atOffset(ZoneOffset.UTC),
            Types.TIMESTAMP_WITH_TIMEZONE)
        .param("id", revision)
        .update();
  }

  private void remove(UUID placement) {
    jdbc.sql("DELETE FROM placement WHERE id = :id").param("id", placement).update();
  }

  private void put(PublishRoute route) {
    jdbc.sql(
            """
            INSERT INTO route (tenant, function, generation, revision_id, targets, timings)
            VALUES (:tenant, :function, :generation, :revision, :targets, :timings)
            ON CONFLICT (tenant, function)
            DO UPDATE SET generation = :generation, revision_id = :revision, targets = :targets,
                          timings = :timings
            """)
        .param("tenant", route.revision().function().tenant())
        .param("function", route.revision().function().function())
        .param("generation", route.generation())
        .param("revision", route.revision().id())
        .param("targets", json.writeValueAsString(route.targets()))
        .param("timings", json.writeValueAsString(route.timings()))
        .update();
  }

  /**
   * Checks that a move changed its row. The lock keeps other schedulers out, so anything else means
   * that the planner was wrong about the state.
   */
  private static void one(String what, int rows) {
    if (rows != 1) {
      throw new IllegalStateException(what + " is not in the state that the planner saw");
    }
  }

  /**
   * The artifact and settings that a revision starts from.
   *
   * @param artifact digest of the artifact's manifest
   */
  record Program(Digest artifact, RuntimeSettings settings) {}

  Program program(UUID revision) {
    return jdbc.sql("SELECT artifact, settings FROM revision WHERE id = :id")
        .param("id", revision)
        .query((row, _) ->
            new Program(
                new Digest(row.getString("artifact")),
                json.readValue(row.getString("settings"), RuntimeSettings.class)))
        .single();
  }
}
