package dev.hearth.build.queue;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.BuildEvent;
import dev.hearth.contracts.events.BuildEvent.BuildStarted;
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

  BuildQueue(
      JdbcClient jdbc,
      Outbox outbox,
      JsonMapper json,
      InstantSource clock,
      BuildSettings settings) {
    this.jdbc = jdbc;
    this.outbox = outbox;
    this.json = json;
    this.clock = clock;
    this.settings = settings;
  }

  /** Queues the build of a revision, once. */
  @Transactional
  public void add(RevisionUploaded uploaded) {
    jdbc.sql(
            """
            INSERT INTO build (revision_id, tenant, function, number, source, entry, environment)
            VALUES (:id, :tenant, :function, :number, :source, :entry, :environment)
            ON CONFLICT (revision_id) DO NOTHING
            """)
        .param("id", uploaded.revision().id())
        .param("tenant", uploaded.revision().function().tenant())
        .param("function", uploaded.revision().function().function())
        .param("number", uploaded.revision().number())
        .param("source", uploaded.source().value())
        .param("entry", uploaded.entry().orElse(null))
        .param("environment", json.writeValueAsString(uploaded.environment()))
        .update();
  }

  /** Leases the oldest build that waits or whose lease ran out, and tells that it has begun. */
  @Transactional
  public Optional<QueuedBuild> take() {
    var taken =
        jdbc.sql(
                """
                UPDATE build
                   SET state = 'RUNNING', attempts = attempts + 1,
                       lease_until = now() + make_interval(secs => :lease)
                 WHERE revision_id = (
                       SELECT revision_id FROM build
                        WHERE state = 'QUEUED' OR (state = 'RUNNING' AND lease_until < now())
                        ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1)
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

  /** Ends a build with its event; does nothing when the lease is lost. */
  @Transactional
  public void finish(QueuedBuild build, BuildEvent outcome) {
    var state = outcome instanceof BuildEvent.BuildSucceeded ? "SUCCEEDED" : "FAILED";
    var rows =
        jdbc.sql(
                """
                UPDATE build SET state = :state, lease_until = NULL
                 WHERE revision_id = :id AND state = 'RUNNING' AND attempts = :attempt
                """)
            .param("state", state)
            .param("id", build.revision().id())
            .param("attempt", build.attempt())
            .update();
    if (rows == 1) {
      outbox.append(outcome);
    }
  }
}
