package dev.hearth.artifact.publication;

import dev.hearth.artifact.blob.BlobStore;
import dev.hearth.contracts.events.ArtifactEvent.ArtifactPublished;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.kit.events.Outbox;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Records a finished build's artifact once and tells that it may be fetched. */
@Component
class Publications {

  private static final Logger log = LoggerFactory.getLogger(Publications.class);

  private final JdbcClient jdbc;
  private final BlobStore store;
  private final Outbox outbox;
  private final InstantSource clock;

  Publications(JdbcClient jdbc, BlobStore store, Outbox outbox, InstantSource clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** Publishes; a second delivery of the same event changes nothing. */
  @Transactional
  public void publish(BuildSucceeded built) {
    var stored = store.size(built.artifact());
    if (stored.isEmpty() || stored.getAsLong() != built.artifactBytes()) {
      throw new IllegalStateException(
          "the store holds %s bytes of %s, announced were %d"
              .formatted(stored, built.artifact(), built.artifactBytes()));
    }
    var rows =
        jdbc.sql(
                """
                INSERT INTO artifact (revision_id, digest, bytes)
                VALUES (:revision, :digest, :bytes)
                ON CONFLICT (revision_id) DO NOTHING
                """)
            .param("revision", built.revision().id())
            .param("digest", built.artifact().value())
            .param("bytes", built.artifactBytes())
            .update();
    if (rows == 1) {
      outbox.append(
          new ArtifactPublished(
              built.revision(), clock.instant(), built.artifact(), built.settings()));
      log.atInfo()
          .addKeyValue("revision", built.revision())
          .addKeyValue("artifact", built.artifact())
          .log("artifact published");
    }
  }
}
