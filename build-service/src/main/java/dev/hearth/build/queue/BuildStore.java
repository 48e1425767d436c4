package dev.hearth.build.queue;

import static dev.hearth.build.queue.BuildState.QUEUED;
import static dev.hearth.build.queue.BuildState.RUNNING;
import static dev.hearth.build.queue.BuildState.SUCCEEDED;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Repository of builds. Each update names the state that it expects, so a worker whose update
 * changes no row knows that it lost its lease.
 */
@Component
class BuildStore {

  private final JdbcClient jdbc;
  private final JsonMapper json;
  private final BuildSettings settings;

  BuildStore(JdbcClient jdbc, JsonMapper json, BuildSettings settings) {
    this.jdbc = jdbc;
    this.json = json;
    this.settings = settings;
  }

  /**
   * Adds the build of a revision, unless it is there.
   *
   * @param content key that is equal for builds of the same artifact
   */
  void add(RevisionUploaded uploaded, String content) {
    jdbc.sql(
            """
            INSERT INTO build (revision_id, tenant, function, number, source, entry, environment, content)
            VALUES (:id, :tenant, :function, :number, :source, :entry, :environment, :content)
            ON CONFLICT (revision_id) DO NOTHING
            """)
        .param("id", uploaded.revision().id())
        .param("tenant", uploaded.revision().function().tenant())
        .param("function", uploaded.revision().function().function())
        .param("number", uploaded.revision().number())
        .param("source", uploaded.source().value())
        .param("entry", uploaded.entry().orElse(null))
        .param("environment", json.writeValueAsString(uploaded.environment()))
        .param("content", content)
        .update();
  }

  /**
   * Leases a build that is queued or whose lease expired. The tenant with the fewest running builds
   * comes first, then the tenant whose last build ended earliest, then the oldest build. A build
   * waits while another one with the same content is running. Must run in a transaction.
   */
  Optional<QueuedBuild> take() {
    // The lock serializes workers, so each sees which builds the others took.
    jdbc.sql("LOCK TABLE build IN SHARE ROW EXCLUSIVE MODE").update();
    return jdbc.sql(
            """
            WITH share AS (
              SELECT tenant,
                     count(*) FILTER (WHERE lease_until >= now()) AS running,
                     max(ended_at) AS served
                FROM build
               WHERE state = :running OR ended_at > now() - interval '1 hour'
               GROUP BY tenant)
            UPDATE build
               SET state = :running, attempts = attempts + 1,
                   lease_until = now() + make_interval(secs => :lease)
             WHERE revision_id = (
                   SELECT revision_id FROM build AS open LEFT JOIN share USING (tenant)
                    WHERE (state = :queued OR (state = :running AND lease_until < now()))
                      AND NOT EXISTS (
                          SELECT 1 FROM build AS same
                           WHERE same.tenant = open.tenant AND same.content = open.content
                             AND same.state = :running AND same.lease_until >= now())
                    ORDER BY coalesce(running, 0), served NULLS FIRST, created_at LIMIT 1)
            RETURNING revision_id, tenant, function, number, source, entry, environment, attempts
            """)
        .param("queued", QUEUED.name())
        .param("running", RUNNING.name())
        .param("lease", settings.lease().toSeconds())
        .query(this::build)
        .optional();
  }

  private QueuedBuild build(ResultSet row, int index) throws SQLException {
    return new QueuedBuild(
        new RevisionRef(
            row.getObject("revision_id", UUID.class),
            new FunctionKey(row.getString("tenant"), row.getString("function")),
            row.getInt("number")),
        new Digest(row.getString("source")),
        Optional.ofNullable(row.getString("entry")),
        json.readValue(row.getString("environment"), new TypeReference<>() {}),
        row.getInt("attempts"));
  }

  /** Renews the lease; returns false if it was lost. */
  boolean renew(QueuedBuild build) {
    return jdbc.sql(
                """
                UPDATE build SET lease_until = now() + make_interval(secs => :lease)
                 WHERE revision_id = :id AND state = :running AND attempts = :attempt
                """)
            .param("running", RUNNING.name())
            .param("lease", settings.lease().toSeconds())
            .param("id", build.revision().id())
            .param("attempt", build.attempt())
            .update()
        == 1;
  }

  /**
   * Returns the outcome of another build with the same content, if there is one that is still
   * valid.
   */
  Optional<BuildOutcome> outcomeOf(QueuedBuild build) {
    return jdbc.sql(
            """
            SELECT outcome FROM build
             WHERE tenant = :tenant AND state = :succeeded AND outcome IS NOT NULL
               AND content = (SELECT content FROM build WHERE revision_id = :id)
               AND (outcome::jsonb ->> 'isLocked' = 'true'
                    OR ended_at > now() - make_interval(secs => :fresh))
             ORDER BY ended_at DESC LIMIT 1
            """)
        .param("succeeded", SUCCEEDED.name())
        .param("fresh", settings.fresh().toSeconds())
        .param("tenant", build.revision().function().tenant())
        .param("id", build.revision().id())
        .query((row, _) -> json.readValue(row.getString("outcome"), BuildOutcome.class))
        .optional();
  }

  /**
   * Ends a build.
   *
   * @return false if the lease was lost
   */
  boolean finish(QueuedBuild build, BuildState state, Optional<BuildOutcome> outcome) {
    if (!RUNNING.mayBecome(state)) {
      throw new IllegalArgumentException("a build that is RUNNING cannot become " + state);
    }
    return jdbc.sql(
                """
                UPDATE build
                   SET state = :to, lease_until = NULL, outcome = :outcome, ended_at = now()
                 WHERE revision_id = :id AND state = :from AND attempts = :attempt
                """)
            .param("from", RUNNING.name())
            .param("to", state.name())
            .param("outcome", outcome.map(json::writeValueAsString).orElse(null))
            .param("id", build.revision().id())
            .param("attempt", build.attempt())
            .update()
        == 1;
  }
}
