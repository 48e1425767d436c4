package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import java.time.Instant;

/**
 * Events about verified artifacts. Topic {@code artifacts}, key the revision's id, ordered per
 * revision.
 */
public sealed interface ArtifactEvent extends HearthEvent {

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "artifacts";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().id().toString();
  }

  /**
   * The artifact is completely stored, and nodes may fetch it. Version 2 adds {@code concurrency},
   * {@code scaling} and {@code egress} to the settings. Version 3 adds {@code onDisconnect} to the
   * settings.
   *
   * @param revision the revision that was built
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param artifact the manifest's digest
   * @param settings settings of its instances
   */
  @EventType(version = 3)
  record ArtifactPublished(
      RevisionRef revision, Instant occurredAt, Digest artifact, RuntimeSettings settings)
      implements ArtifactEvent {}
}
