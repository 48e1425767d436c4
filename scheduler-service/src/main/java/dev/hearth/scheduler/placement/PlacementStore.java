package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.scheduler.placement.PlacedRevision.State;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The scheduler's tables. Always within the caller's transaction. */
@Component
class PlacementStore {

  private final JdbcClient jdbc;
  private final JsonMapper json;

  PlacementStore(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** One decision at a time, over all scheduler services. */
  void lock() {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('placement'))").query((_, _) -> true).list();
  }

  /** Records a heartbeat and returns the run the node had before, if any. */
  Optional<UUID> seen(NodeRef node, URI url) {
    var before =
        jdbc.sql("SELECT run FROM node WHERE name = :name")
            .param("name", node.name())
            .query((row, _) -> row.getObject("run", UUID.class))
            .optional();
    jdbc.sql(
            """
            INSERT INTO node (name, run, url) VALUES (:name, :run, :url)
            ON CONFLICT (name) DO UPDATE SET run = :run, url = :url, seen_at = now()
            """)
        .param("name", node.name())
        .param("run", node.run())
        .param("url", url.toString())
        .update();
    return before;
  }

  /** Nodes that were seen lately, with their runs. */
  Map<String, UUID> liveNodes(Duration within) {
    return jdbc
        .sql("SELECT name, run FROM node WHERE seen_at > now() - make_interval(secs => :seconds)")
        .param("seconds", within.toSeconds())
        .query((row, _) -> Map.entry(row.getString("name"), row.getObject("run", UUID.class)))
        .list()
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  URI nodeUrl(String name) {
    return URI.create(
        jdbc.sql("SELECT url FROM node WHERE name = :name")
            .param("name", name)
            .query((row, _) -> row.getString("url"))
            .single());
  }

  /** Adds a revision; false when it is known. */
  boolean add(RevisionRef ref, Digest artifact, RuntimeSettings settings, State state) {
    return jdbc.sql(
                """
                INSERT INTO revision (id, tenant, function, number, artifact, settings, state)
                VALUES (:id, :tenant, :function, :number, :artifact, :settings, :state)
                ON CONFLICT (id) DO NOTHING
                """)
            .param("id", ref.id())
            .param("tenant", ref.function().tenant())
            .param("function", ref.function().function())
            .param("number", ref.number())
            .param("artifact", artifact.value())
            .param("settings", json.writeValueAsString(settings))
            .param("state", state.name())
            .update()
        == 1;
  }

  /** Moves a revision on; false when it is not in that state any more. */
  boolean move(UUID revision, State from, State to) {
    if (!from.mayBecome(to)) {
      throw new IllegalArgumentException(from + " never becomes " + to);
    }
    return jdbc.sql("UPDATE revision SET state = :to WHERE id = :id AND state = :from")
            .param("to", to.name())
            .param("id", revision)
            .param("from", from.name())
            .update()
        == 1;
  }

  Optional<PlacedRevision> revision(UUID id) {
    return jdbc.sql("SELECT * FROM revision WHERE id = :id")
        .param("id", id)
        .query(this::readRevision)
        .optional();
  }

  /** The function's revisions that want instances, newest first. */
  List<PlacedRevision> wanted(FunctionKey function) {
    return jdbc.sql(
            """
            SELECT * FROM revision
             WHERE tenant = :tenant AND function = :function AND state IN ('WARMING', 'ROUTED')
             ORDER BY number DESC
            """)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .query(this::readRevision)
        .list();
  }

  /** Revisions that want an instance and have none. */
  List<PlacedRevision> unplaced() {
    return jdbc.sql(
            """
            SELECT * FROM revision
             WHERE state IN ('WARMING', 'ROUTED')
               AND NOT EXISTS (SELECT FROM placement WHERE placement.revision_id = revision.id)
             ORDER BY created_at
            """)
        .query(this::readRevision)
        .list();
  }

  private PlacedRevision readRevision(ResultSet row, int index) throws SQLException {
    return new PlacedRevision(
        new RevisionRef(
            row.getObject("id", UUID.class),
            new FunctionKey(row.getString("tenant"), row.getString("function")),
            row.getInt("number")),
        new Digest(row.getString("artifact")),
        json.readValue(row.getString("settings"), RuntimeSettings.class),
        State.valueOf(row.getString("state")));
  }

  void addPlacement(UUID id, UUID revision, NodeRef node) {
    jdbc.sql(
            """
            INSERT INTO placement (id, revision_id, node, node_run) VALUES (:id, :revision, :node, :run)
            """)
        .param("id", id)
        .param("revision", revision)
        .param("node", node.name())
        .param("run", node.run())
        .update();
  }

  /** Marks an instance ready; false when it is not wanted any more. */
  boolean ready(UUID placement) {
    return jdbc.sql("UPDATE placement SET ready = true WHERE id = :id")
            .param("id", placement)
            .update()
        == 1;
  }

  boolean removePlacement(UUID placement) {
    return jdbc.sql("DELETE FROM placement WHERE id = :id").param("id", placement).update() == 1;
  }

  List<Placement> placementsOf(UUID revision) {
    return jdbc.sql("SELECT * FROM placement WHERE revision_id = :revision ORDER BY created_at")
        .param("revision", revision)
        .query(PlacementStore::readPlacement)
        .list();
  }

  List<Placement> placementsOn(String node) {
    return jdbc.sql("SELECT * FROM placement WHERE node = :node")
        .param("node", node)
        .query(PlacementStore::readPlacement)
        .list();
  }

  /** Instances on nodes that were not seen for a while. */
  List<Placement> placementsOnSilentNodes(Duration silent) {
    return jdbc.sql(
            """
            SELECT placement.* FROM placement JOIN node ON node.name = placement.node
             WHERE node.seen_at < now() - make_interval(secs => :seconds)
            """)
        .param("seconds", silent.toSeconds())
        .query(PlacementStore::readPlacement)
        .list();
  }

  private static Placement readPlacement(ResultSet row, int index) throws SQLException {
    return new Placement(
        row.getObject("id", UUID.class),
        row.getObject("revision_id", UUID.class),
        new NodeRef(row.getString("node"), row.getObject("node_run", UUID.class)),
        row.getBoolean("ready"));
  }
}
