package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.GatewayRef;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.scheduler.placement.ClusterState.Function;
import dev.hearth.scheduler.placement.ClusterState.Gateway;
import dev.hearth.scheduler.placement.ClusterState.Node;
import dev.hearth.scheduler.placement.ClusterState.Placement;
import dev.hearth.scheduler.placement.ClusterState.Revision;
import dev.hearth.scheduler.placement.ClusterState.Route;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the {@link ClusterState} from the tables, within the caller's transaction. */
@Component
class ClusterReader {

  private final JdbcClient jdbc;
  private final JsonMapper json;

  ClusterReader(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Returns the database's current time, which moves on within a transaction. */
  Instant now() {
    return jdbc.sql("SELECT clock_timestamp() AS at")
        .query((row, _) -> instant(row, "at"))
        .single();
  }

  /** Reads all nodes, gateways and functions. */
  ClusterState all(Instant listeningSince) {
    return read(listeningSince, Set.of(), new UUID(0, 0), true);
  }

  /**
   * Reads all nodes and gateways, and some functions.
   *
   * @param functions keys of the functions to read
   * @param revision a revision to read even if it has ended
   */
  ClusterState some(Instant listeningSince, Set<FunctionKey> functions, Optional<UUID> revision) {
    return read(listeningSince, functions, revision.orElse(new UUID(0, 0)), false);
  }

  private ClusterState read(
      Instant listeningSince, Set<FunctionKey> functions, UUID revision, boolean all) {
    var keys =
        functions.isEmpty() ? List.of("") : functions.stream().map(FunctionKey::toString).toList();
    return new ClusterState(
        nodes(), gateways(keys, all), functions(keys, revision, all), listeningSince);
  }

  private Map<String, Node> nodes() {
    return jdbc
        .sql("SELECT name, run, url, seen_at, sent_at FROM node")
        .query((row, _) ->
            new Node(
                new NodeRef(row.getString("name"), row.getObject("run", UUID.class)),
                URI.create(row.getString("url")),
                instant(row, "seen_at"),
                instant(row, "sent_at")))
        .list()
        .stream()
        .collect(Collectors.toMap(node -> node.ref().name(), node -> node));
  }

  private Map<String, Gateway> gateways(List<String> keys, boolean all) {
    var acknowledged = new HashMap<String, Map<FunctionKey, Long>>();
    jdbc.sql(
            """
            SELECT gateway, tenant, function, generation FROM acknowledgement
             WHERE :all OR tenant || '/' || function IN (:keys)
            """)
        .param("all", all)
        .param("keys", keys)
        .query((row, _) ->
            acknowledged
                .computeIfAbsent(row.getString("gateway"), _ -> new HashMap<>())
                .put(key(row), row.getLong("generation")))
        .list();
    return jdbc
        .sql("SELECT name, run, seen_at, sent_at FROM gateway")
        .query((row, _) ->
            new Gateway(
                new GatewayRef(row.getString("name"), row.getObject("run", UUID.class)),
                instant(row, "seen_at"),
                instant(row, "sent_at"),
                acknowledged.getOrDefault(row.getString("name"), Map.of())))
        .list()
        .stream()
        .collect(Collectors.toMap(gateway -> gateway.ref().name(), gateway -> gateway));
  }

  private Map<FunctionKey, Function> functions(List<String> keys, UUID revision, boolean all) {
    var revisions = revisions(keys, revision, all);
    var placements = placements(keys, all);
    var routes = routes(keys, all);
    var names = new java.util.HashSet<>(revisions.keySet());
    names.addAll(placements.keySet());
    names.addAll(routes.keySet());
    return names.stream()
        .collect(
            Collectors.toMap(
                key -> key,
                key ->
                    new Function(
                        revisions.getOrDefault(key, List.of()),
                        placements.getOrDefault(key, List.of()),
                        Optional.ofNullable(routes.get(key)))));
  }

  private Map<FunctionKey, List<Revision>> revisions(
      List<String> keys, UUID revision, boolean all) {
    return grouped(
        """
        SELECT id, tenant, function, number, state, created_at, not_before FROM revision
         WHERE state IN ('WARMING', 'ROUTED', 'LIVE') AND (:all OR tenant || '/' || function IN (:keys))
            OR id = :revision
         ORDER BY number DESC
        """,
        keys,
        revision,
        all,
        (row, _) ->
            new Revision(
                new RevisionRef(row.getObject("id", UUID.class), key(row), row.getInt("number")),
                RevisionState.valueOf(row.getString("state")),
                instant(row, "created_at"),
                Optional.ofNullable(row.getTimestamp("not_before")).map(Timestamp::toInstant)));
  }

  private Map<FunctionKey, List<Placement>> placements(List<String> keys, boolean all) {
    return grouped(
        """
        SELECT tenant, function, placement.id, revision_id, node, node_run, placement.state, generation
          FROM placement JOIN revision ON revision.id = revision_id
         WHERE :all OR tenant || '/' || function IN (:keys)
         ORDER BY placement.created_at, placement.id
        """,
        keys,
        null,
        all,
        (row, _) ->
            new Placement(
                row.getObject("id", UUID.class),
                row.getObject("revision_id", UUID.class),
                new NodeRef(row.getString("node"), row.getObject("node_run", UUID.class)),
                PlacementState.valueOf(row.getString("state")),
                row.getLong("generation")));
  }

  private Map<FunctionKey, Route> routes(List<String> keys, boolean all) {
    Map<FunctionKey, List<Route>> found =
        grouped(
            """
            SELECT tenant, function, revision_id, generation, targets, timings FROM route
             WHERE :all OR tenant || '/' || function IN (:keys)
            """,
            keys,
            null,
            all,
            (row, _) ->
                new Route(
                    row.getObject("revision_id", UUID.class),
                    row.getLong("generation"),
                    json.readValue(row.getString("targets"), new TypeReference<List<Target>>() {}),
                    json.readValue(row.getString("timings"), Timings.class)));
    return found.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().getFirst()));
  }

  private <T> Map<FunctionKey, List<T>> grouped(
      String sql, List<String> keys, @Nullable UUID revision, boolean all, RowMapper<T> mapper) {
    var statement = jdbc.sql(sql).param("all", all).param("keys", keys);
    var grouped = new HashMap<FunctionKey, List<T>>();
    (revision == null ? statement : statement.param("revision", revision))
        .query((row, index) ->
            grouped
                .computeIfAbsent(key(row), _ -> new ArrayList<>())
                .add(mapper.mapRow(row, index)))
        .list();
    return grouped;
  }

  private static FunctionKey key(ResultSet row) throws SQLException {
    return new FunctionKey(row.getString("tenant"), row.getString("function"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }
}
