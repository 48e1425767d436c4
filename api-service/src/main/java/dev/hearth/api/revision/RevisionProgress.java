package dev.hearth.api.revision;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.BuildEvent;
import dev.hearth.contracts.events.BuildEvent.BuildFailed;
import dev.hearth.contracts.events.BuildEvent.BuildStarted;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.InstanceEvent.ModulesMissed;
import dev.hearth.contracts.events.ReleaseEvent;
import dev.hearth.contracts.events.ReleaseEvent.RevisionFailed;
import dev.hearth.contracts.events.ReleaseEvent.RevisionReleased;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Turns events of the other services into the states that users see. An event older than the state
 * changes nothing.
 */
@Component
public class RevisionProgress {

  private static final Logger log = LoggerFactory.getLogger(RevisionProgress.class);

  private final RevisionStore store;
  private final JdbcClient jdbc;

  RevisionProgress(RevisionStore store, JdbcClient jdbc) {
    this.store = store;
    this.jdbc = jdbc;
  }

  @Transactional
  public void heard(BuildEvent event) {
    switch (event) {
      case BuildStarted started -> {
        if (store.move(started.revision().id(), RevisionState.BUILDING)) {
          store.time(started.revision().id(), Map.of("queue", queued(started)));
        }
      }
      case BuildSucceeded built -> {
        store.describe(built);
        store.time(built.revision().id(), built.timings().milliseconds());
        store.move(built.revision().id(), RevisionState.WARMING);
      }
      case BuildFailed failed -> fail(failed.revision(), failed.code(), failed.reason());
    }
  }

  private double queued(BuildStarted started) {
    var createdAt =
        jdbc.sql("SELECT created_at FROM revision WHERE id = :id")
            .param("id", started.revision().id())
            .query((row, _) -> row.getTimestamp("created_at").toInstant())
            .single();
    return milliseconds(createdAt, started.occurredAt());
  }

  private static double milliseconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos() / 1e6);
  }

  @Transactional
  public void heard(InstanceReady ready) {
    if (!ready.lateModules().isEmpty()) {
      store.blame(ready.revision().id(), ready.lateModules());
    }
  }

  @Transactional
  public void heard(ModulesMissed missed) {
    store.blame(missed.revision().id(), missed.modules());
  }

  private void fail(RevisionRef revision, ErrorCode code, String reason) {
    if (store.move(revision.id(), RevisionState.FAILED)) {
      var serving =
          store
              .live(revision.function())
              .map("\nRevision %d goes on serving."::formatted)
              .orElse("");
      store.explain(revision.id(), code, reason.stripTrailing() + serving);
      log.atInfo()
          .addKeyValue("revision", revision.id())
          .addKeyValue("code", code.code())
          .log("revision failed");
    }
  }

  /** Records the scheduler's decision; no other service says that a revision is live. */
  @Transactional
  public void heard(ReleaseEvent event) {
    switch (event) {
      case RevisionReleased released -> {
        if (store.move(released.revision().id(), RevisionState.LIVE)) {
          store.time(released.revision().id(), released.timings().milliseconds());
          store.supersedeOlder(released.revision());
          log.atInfo().addKeyValue("revision", released.revision()).log("revision live");
        }
      }
      case RevisionFailed failed -> fail(failed.revision(), failed.code(), failed.reason());
    }
  }
}
