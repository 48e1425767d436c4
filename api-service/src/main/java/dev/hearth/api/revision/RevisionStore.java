package dev.hearth.api.revision;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes the table of revisions, within the caller's transaction. */
@Component
public class RevisionStore {

  /** Limit for one revision, because a function may invent any number of names. */
  private static final int MOST_LATE_MODULES = 1000;

  private final JdbcClient jdbc;
  private final JsonMapper json;

  RevisionStore(JdbcClient jdbc, JsonMapper json) {
    this.jdbc = jdbc;
    this.json = json;
  }

  /** Adds a function's next revision, and the function if it is new. */
  RevisionRef add(FunctionKey function, UUID id, String source, long bytes, Duration upload) {
    var number =
        jdbc.sql(
                """
                INSERT INTO function (tenant, name, latest_revision) VALUES (:tenant, :function, 1)
                ON CONFLICT (tenant, name) DO UPDATE SET latest_revision = function.latest_revision + 1
                RETURNING latest_revision
                """)
            .param("tenant", function.tenant())
            .param("function", function.function())
            .query((row, _) -> row.getInt("latest_revision"))
            .single();
    jdbc.sql(
            """
            INSERT INTO revision (id, tenant, function, number, state, source, source_bytes, timings)
            VALUES (:id, :tenant, :function, :number, 'QUEUED', :source, :bytes, :timings)
            """)
        .param("id", id)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .param("number", number)
        .param("source", source)
        .param("bytes", bytes)
        .param(
            "timings",
            json.writeValueAsString(Timings.none().with("upload", upload).milliseconds()))
        .update();
    return new RevisionRef(id, function, number);
  }

  public Optional<Revision> find(FunctionKey function, int number) {
    return jdbc.sql(
            """
            SELECT * FROM revision
             WHERE tenant = :tenant AND function = :function AND number = :number
            """)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .param("number", number)
        .query(this::read)
        .optional();
  }

  /** Returns the function's revisions, newest first. */
  public List<Revision> all(FunctionKey function) {
    return jdbc.sql(
            """
            SELECT * FROM revision WHERE tenant = :tenant AND function = :function ORDER BY number DESC
            """)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .query(this::read)
        .list();
  }

  /** Returns the number of the function's live revision. */
  Optional<Integer> live(FunctionKey function) {
    return jdbc.sql(
            """
            SELECT number FROM revision
             WHERE tenant = :tenant AND function = :function AND state = 'LIVE'
            """)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .query(Integer.class)
        .optional();
  }

  /**
   * Moves a revision to a state if its present state allows that.
   *
   * @return false if the present state does not allow it, because the event is old
   */
  boolean move(UUID id, RevisionState next) {
    var from =
        Arrays.stream(RevisionState.values())
            .filter(state -> state.mayBecome(next))
            .map(RevisionState::name)
            .toList();
    return jdbc.sql(
                """
                UPDATE revision SET state = :next, changed_at = now() WHERE id = :id AND state IN (:from)
                """)
            .param("next", next.name())
            .param("id", id)
            .param("from", from)
            .update()
        == 1;
  }

  /** Supersedes all revisions of the function that are older than the live one. */
  void supersedeOlder(RevisionRef live) {
    jdbc.sql(
            """
            UPDATE revision SET state = 'SUPERSEDED', changed_at = now()
             WHERE tenant = :tenant AND function = :function AND number < :number
               AND state IN ('QUEUED', 'BUILDING', 'WARMING', 'LIVE')
            """)
        .param("tenant", live.function().tenant())
        .param("function", live.function().function())
        .param("number", live.number())
        .update();
  }

  void explain(UUID id, ErrorCode code, String reason) {
    jdbc.sql("UPDATE revision SET error_code = :code, error_reason = :reason WHERE id = :id")
        .param("code", code.code())
        .param("reason", reason)
        .param("id", id)
        .update();
  }

  void describe(BuildSucceeded built) {
    jdbc.sql(
            """
            UPDATE revision
               SET artifact = :artifact, artifact_bytes = :bytes, unpacked_bytes = :unpacked,
                   entry = :entry, convention = :convention, report = :report
             WHERE id = :id
            """)
        .param("artifact", built.artifact().value())
        .param("bytes", built.artifactBytes())
        .param("unpacked", built.unpackedBytes())
        .param("entry", built.settings().entry())
        .param("convention", built.settings().convention().name().toLowerCase(Locale.ROOT))
        .param("report", built.report().isPresent() ? built.report().get().value() : null)
        .param("id", built.revision().id())
        .update();
  }

  /** Adds modules that an instance needed although the build had left them out. */
  void blame(UUID id, List<String> lateModules) {
    var known =
        jdbc.sql("SELECT late_modules FROM revision WHERE id = :id FOR UPDATE")
            .param("id", id)
            .query((row, _) ->
                json.readValue(row.getString("late_modules"), new TypeReference<List<String>>() {}))
            .optional()
            .orElse(List.of());
    var all =
        Stream.of(known, lateModules)
            .flatMap(List::stream)
            .distinct()
            .limit(MOST_LATE_MODULES)
            .sorted()
            .toList();
    if (all.equals(known)) {
      return;
    }
    jdbc.sql("UPDATE revision SET late_modules = :modules WHERE id = :id")
        .param("modules", json.writeValueAsString(all))
        .param("id", id)
        .update();
  }

  /**
   * A revision's report, and the late modules found after the build.
   *
   * @param digest digest of the report in the store
   * @param lateModules modules that an instance needed although the report says that no import
   *     reaches them
   */
  public record StoredReport(Digest digest, List<String> lateModules) {}

  /** Returns the report of a revision whose build succeeded. */
  public Optional<StoredReport> report(FunctionKey function, int number) {
    return jdbc.sql(
            """
            SELECT report, late_modules FROM revision
             WHERE tenant = :tenant AND function = :function AND number = :number
               AND report IS NOT NULL
            """)
        .param("tenant", function.tenant())
        .param("function", function.function())
        .param("number", number)
        .query(this::readReport)
        .optional();
  }

  private StoredReport readReport(ResultSet row, int index) throws SQLException {
    return new StoredReport(
        new Digest(row.getString("report")),
        json.readValue(row.getString("late_modules"), new TypeReference<List<String>>() {}));
  }

  /** Adds steps to a revision's timings. */
  void time(UUID id, Map<String, Double> steps) {
    var known =
        jdbc.sql("SELECT timings FROM revision WHERE id = :id FOR UPDATE")
            .param("id", id)
            .query((row, _) -> row.getString("timings"))
            .single();
    var all = new LinkedHashMap<>(timings(known));
    all.putAll(steps);
    jdbc.sql("UPDATE revision SET timings = :timings WHERE id = :id")
        .param("timings", json.writeValueAsString(all))
        .param("id", id)
        .update();
  }

  private Map<String, Double> timings(String text) {
    return json.readValue(text, new TypeReference<LinkedHashMap<String, Double>>() {});
  }

  private Revision read(ResultSet row, int index) throws SQLException {
    var function = new FunctionKey(row.getString("tenant"), row.getString("function"));
    return new Revision(
        function.function(),
        row.getInt("number"),
        RevisionState.valueOf(row.getString("state")),
        reason(row),
        new Revision.Stored(row.getString("source"), row.getLong("source_bytes")),
        artifact(row),
        row.getString("entry"),
        row.getString("convention"),
        timings(row.getString("timings")),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("changed_at").toInstant(),
        "/f/" + function + "/",
        new RevisionRef(row.getObject("id", UUID.class), function, row.getInt("number")));
  }

  private static Revision.@Nullable Reason reason(ResultSet row) throws SQLException {
    var code = row.getString("error_code");
    return code == null ? null : new Revision.Reason(code, row.getString("error_reason"));
  }

  private static Revision.@Nullable Artifact artifact(ResultSet row) throws SQLException {
    var digest = row.getString("artifact");
    return digest == null
        ? null
        : new Revision.Artifact(
            digest, row.getLong("artifact_bytes"), row.getLong("unpacked_bytes"));
  }
}
