package dev.hearth.build.queue;

import dev.hearth.build.assembly.Assembler;
import dev.hearth.build.python.Target;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.BuildEvent;
import dev.hearth.contracts.events.BuildEvent.BuildFailed;
import dev.hearth.contracts.events.BuildEvent.BuildStarted;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.contracts.events.RevisionEvent.RevisionUploaded;
import dev.hearth.kit.events.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The table of builds. A lost race is a result: whoever's update finds no row has lost its lease.
 */
@Component
public class BuildQueue {

  private final JdbcClient jdbc;
  private final Outbox outbox;
  private final JsonMapper json;
  private final InstantSource clock;
  private final BuildSettings settings;
  private final Target target;

  BuildQueue(
      JdbcClient jdbc,
      Outbox outbox,
      JsonMapper json,
      InstantSource clock,
      BuildSettings settings,
      Target target) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.json = json;
    this.clock = clock;
    this.settings = settings;
    this.target = target;
  }

  /** Queues the build of a revision, once. */
  @Transactional
  public void add(RevisionUploaded uploaded) {
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
        .param("content", content(uploaded))
        .update();
  }

  /** What is the same of builds that come to the same artifact. */
  private String content(RevisionUploaded uploaded) {
    return "%s %s %s"
        .formatted(uploaded.source(), uploaded.entry().orElse(""), Assembler.identity(target));
  }

  /**
   * Leases a build that waits or whose lease ran out, and tells that it has begun: of the tenant
   * with the fewest running ones, then of the one whose last ended first, its oldest. A build whose
   * content another one works on stays where it is.
   */
  @Transactional
  public Optional<QueuedBuild> take() {
    // One taker at a time sees what the others took.
    jdbc.sql("LOCK TABLE build IN SHARE ROW EXCLUSIVE MODE").update();
    var taken =
        jdbc.sql(
                """
                WITH share AS (
                  SELECT tenant,
                         count(*) FILTER (WHERE lease_until >= now()) AS running,
                         max(ended_at) AS served
                    FROM build
                   WHERE state = 'RUNNING' OR ended_at > now() - interval '1 hour'
                   GROUP BY tenant)
                UPDATE build
                   SET state = 'RUNNING', attempts = attempts + 1,
                       lease_until = now() + make_interval(secs => :lease)
                 WHERE revision_id = (
                       SELECT revision_id FROM build AS open LEFT JOIN share USING (tenant)
                        WHERE (state = 'QUEUED' OR (state = 'RUNNING' AND lease_until < now()))
                          AND NOT EXISTS (
                              SELECT 1 FROM build AS same
                               WHERE same.tenant = open.tenant AND same.content = open.content
                                 AND same.state = 'RUNNING' AND same.lease_until >= now())
                        ORDER BY coalesce(running, 0), served NULLS FIRST, created_at LIMIT 1)
                RETURNING revision_id, tenant, function, number, source, entry, environment, attempts
                """)
            .param("lease", settings.lease().toSeconds())
            .query(this::build)
            .optional();
    taken.ifPresent(build -> outbox.append(new BuildStarted(build.revision(), clock.instant())));
    return taken;
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

  /** Keeps the lease; false when it is lost. */
  @Transactional
  public boolean renew(QueuedBuild build) {
    return jdbc.sql(
                """
                UPDATE build SET lease_until = now() + make_interval(secs => :lease)
                 WHERE revision_id = :id AND state = 'RUNNING' AND attempts = :attempt
                """)
            .param("lease", settings.lease().toSeconds())
            .param("id", build.revision().id())
            .param("attempt", build.attempt())
            .update()
        == 1;
  }

  /** What another build of the same content came to, if one came to something that still holds. */
  public Optional<BuildOutcome> outcomeOf(QueuedBuild build) {
    return jdbc.sql(
            """
            SELECT outcome FROM build
             WHERE tenant = :tenant AND state = 'SUCCEEDED' AND outcome IS NOT NULL
               AND content = (SELECT content FROM build WHERE revision_id = :id)
               AND (outcome::jsonb ->> 'isLocked' = 'true'
                    OR ended_at > now() - make_interval(secs => :fresh))
             ORDER BY ended_at DESC LIMIT 1
            """)
        .param("fresh", settings.fresh().toSeconds())
        .param("tenant", build.revision().function().tenant())
        .param("id", build.revision().id())
        .query((row, _) -> json.readValue(row.getString("outcome"), BuildOutcome.class))
        .optional();
  }

  /** Ends a build that failed. */
  @Transactional
  public void fail(QueuedBuild build, BuildFailed failed) {
    finish(build, failed, Optional.empty());
  }

  /** Ends a build that made an artifact. */
  @Transactional
  public void succeed(QueuedBuild build, BuildSucceeded succeeded, BuildOutcome outcome) {
    finish(build, succeeded, Optional.of(outcome));
  }

  /** Ends a build with its event; does nothing when the lease is lost. */
  private void finish(QueuedBuild build, BuildEvent event, Optional<BuildOutcome> outcome) {
    var state = outcome.isPresent() ? "SUCCEEDED" : "FAILED";
    var rows =
        jdbc.sql(
                """
                UPDATE build
                   SET state = :state, lease_until = NULL, outcome = :outcome, ended_at = now()
                 WHERE revision_id = :id AND state = 'RUNNING' AND attempts = :attempt
                """)
            .param("state", state)
            .param("outcome", outcome.isPresent() ? json.writeValueAsString(outcome.get()) : null)
            .param("id", build.revision().id())
            .param("attempt", build.attempt())
            .update();
    if (rows == 1) {
      outbox.append(event);
    }
  }
}
