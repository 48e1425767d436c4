package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Writes decisions into the scheduler's tables, within the caller's transaction. */
@Component
class PlacementStore {

  private final NamedParameterJdbcOperations jdbc;
  private final JsonMapper json;

  PlacementStore(NamedParameterJdbcOperations jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Takes the lock of the one deciding scheduler, held until the transaction ends. */
  void lock() {
    jdbc.query("SELECT pg_advisory_xact_lock(hashtext('placement'))", (RowCallbackHandler) _ -> {});
  }

  /**
   * Writes the changes of decisions into the tables, equal statements in one batch. The decisions
   * on one function keep their order.
   *
   * @param at time of the decisions
   */
  void apply(List<Decision> decisions, Instant at) {
    var changes = decisions.stream().flatMap(decision -> changes(decision, at).stream()).toList();
    for (var batch : Change.batches(changes)) {
      var rows =
          jdbc.batchUpdate(
              batch.getFirst().sql(),
              batch.stream().map(Change::parameters).toArray(SqlParameterSource[]::new));
      for (int i = 0; i < rows.length; i++) {
        batch.get(i).check(rows[i]);
      }
    }
  }

  private List<Change> changes(Decision decision, Instant at) {
    return switch (decision) {
      case NoteNode note -> List.of(note(note, at));
      case NoteGateway note -> GatewayStore.changes(note, at);
      case Accept accept -> List.of(add(accept, at));
      case Assign assign -> List.of(add(assign, at));
      case MarkReady(var ref, var id) ->
          List.of(markReady(ref.function(), id), postpone(ref, Optional.empty()));
      case Withdraw withdraw -> List.of(withdraw(withdraw));
      case Stop(var function, var id, _) -> List.of(remove(function, id));
      case Drop(var function, var id) -> List.of(remove(function, id));
      case PublishRoute publish -> List.of(put(publish));
      case Promote(var ref) -> List.of(move(ref, RevisionState.WARMING, RevisionState.ROUTED));
      case Release(var ref, _) -> List.of(move(ref, RevisionState.ROUTED, RevisionState.LIVE));
      case Retire(var ref, var from) -> List.of(move(ref, from, RevisionState.RETIRED));
      case Fail(var ref, _) -> List.of(move(ref, RevisionState.WARMING, RevisionState.FAILED));
      case Postpone(var ref, var until) -> List.of(postpone(ref, Optional.of(until)));
      case Repeat _, StopStray _ -> List.of();
    };
  }

  private static Change note(NoteNode note, Instant at) {
    return Change.of(
            "nodes",
            """
            INSERT INTO node (name, run, url, sent_at, seen_at) VALUES (:name, :run, :url, :sent, :seen)
            ON CONFLICT (name) DO UPDATE SET run = :run, url = :url, sent_at = :sent, seen_at = :seen
            """)
        .with("name", note.node().name())
        .with("run", note.node().run())
        .with("url", note.url().toString())
        .with("sent", Timestamp.from(note.sentAt()))
        .with("seen", Timestamp.from(at));
  }

  private Change add(Accept accept, Instant at) {
    var ref = accept.revision();
    return Change.of(
            ref.function().toString(),
            """
            INSERT INTO revision (id, tenant, function, number, artifact, settings, state, created_at)
            VALUES (:id, :tenant, :function, :number, :artifact, :settings, :state, :at)
            """)
        .with("id", ref.id())
        .with("tenant", ref.function().tenant())
        .with("function", ref.function().function())
        .with("number", ref.number())
        .with("artifact", accept.artifact().value())
        .with("settings", json.writeValueAsString(accept.settings()))
        .with("state", accept.state().name())
        .with("at", Timestamp.from(at));
  }

  private static Change add(Assign assign, Instant at) {
    return Change.of(
            assign.revision().function().toString(),
            """
            INSERT INTO placement (id, revision_id, node, node_run, state, created_at)
            VALUES (:id, :revision, :node, :run, 'STARTING', :at)
            """)
        .with("id", assign.placement())
        .with("revision", assign.revision().id())
        .with("node", assign.node().name())
        .with("run", assign.node().run())
        .with("at", Timestamp.from(at));
  }

  private static Change withdraw(Withdraw withdraw) {
    return Change.of(
            withdraw.function().toString(),
            """
            UPDATE placement SET state = 'WITHDRAWN', generation = :generation
             WHERE id = :id AND state IN ('STARTING', 'READY')
            """)
        .with("generation", withdraw.generation())
        .with("id", withdraw.placement())
        .mustFind("placement " + withdraw.placement());
  }

  private static Change markReady(FunctionKey function, UUID placement) {
    return Change.of(
            function.toString(),
            "UPDATE placement SET state = 'READY' WHERE id = :id AND state = 'STARTING'")
        .with("id", placement)
        .mustFind("placement " + placement);
  }

  private static Change move(RevisionRef revision, RevisionState from, RevisionState to) {
    return Change.of(
            revision.function().toString(),
            "UPDATE revision SET state = :to WHERE id = :id AND state = :from")
        .with("to", to.name())
        .with("id", revision.id())
        .with("from", from.name())
        .mustFind("revision " + revision);
  }

  private static Change postpone(RevisionRef revision, Optional<Instant> until) {
    return Change.of(
            revision.function().toString(),
            "UPDATE revision SET not_before = CAST(:until AS timestamptz) WHERE id = :id")
        .with("until", until.map(Timestamp::from).orElse(null))
        .with("id", revision.id());
  }

  private static Change remove(FunctionKey function, UUID placement) {
    return Change.of(function.toString(), "DELETE FROM placement WHERE id = :id")
        .with("id", placement);
  }

  private Change put(PublishRoute route) {
    var function = route.revision().function();
    return Change.of(
            function.toString(),
            """
            INSERT INTO route (tenant, function, generation, revision_id, targets, timings)
            VALUES (:tenant, :function, :generation, :revision, :targets, :timings)
            ON CONFLICT (tenant, function)
            DO UPDATE SET generation = :generation, revision_id = :revision, targets = :targets,
                          timings = :timings
            """)
        .with("tenant", function.tenant())
        .with("function", function.function())
        .with("generation", route.generation())
        .with("revision", route.revision().id())
        .with("targets", json.writeValueAsString(route.targets()))
        .with("timings", json.writeValueAsString(route.timings()));
  }

  /**
   * The artifact and settings that a revision starts from.
   *
   * @param artifact digest of the artifact's manifest
   */
  record Program(Digest artifact, RuntimeSettings settings) {}

  /** Returns the program of each of the given revisions. */
  Map<UUID, Program> programs(Set<UUID> revisions) {
    if (revisions.isEmpty()) {
      return Map.of();
    }
    var programs = new HashMap<UUID, Program>();
    jdbc.query(
        "SELECT id, artifact, settings FROM revision WHERE id IN (:ids)",
        Map.of("ids", revisions),
        (RowCallbackHandler)
            row ->
                programs.put(
                    row.getObject("id", UUID.class),
                    new Program(
                        new Digest(row.getString("artifact")),
                        json.readValue(row.getString("settings"), RuntimeSettings.class))));
    return programs;
  }
}
