package dev.hearth.artifact.publication;

import dev.hearth.artifact.blob.BlobStore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.artifact.Manifest;
import dev.hearth.contracts.events.ArtifactEvent.ArtifactPublished;
import dev.hearth.contracts.events.BuildEvent.BuildSucceeded;
import dev.hearth.kit.artifact.CanonicalJson;
import dev.hearth.kit.events.Outbox;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Records the artifact of a successful build and publishes {@code ArtifactPublished}. */
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

  /** Publishes an artifact. Idempotent: a second delivery of the same event changes nothing. */
  @Transactional
  public void publish(BuildSucceeded built) {
    verify(built.artifact());
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

  /** Checks that the store has all blobs that the manifest names, with the stated sizes. */
  private void verify(Digest artifact) {
    var manifest = CanonicalJson.read(store.read(artifact), Manifest.class);
    Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
        .forEach(blob -> {
          var stored = store.size(blob.digest());
          if (stored.isEmpty() || stored.getAsLong() != blob.size()) {
            throw new IllegalStateException(
                "the object store has %s bytes of %s, but the manifest states %d"
                    .formatted(stored, blob.digest(), blob.size()));
          }
        });
  }
}
