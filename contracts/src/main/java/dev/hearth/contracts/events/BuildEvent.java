package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import java.time.Instant;
import java.util.Optional;

/** Progress of builds. Topic {@code builds}, key the revision's id, ordered per revision. */
public sealed interface BuildEvent extends HearthEvent {

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "builds";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().id().toString();
  }

  /**
   * A worker has leased the build.
   *
   * @param revision the revision that is built
   * @param occurredAt time of the event, by the clock of the publishing service
   */
  record BuildStarted(RevisionRef revision, Instant occurredAt) implements BuildEvent {}

  /**
   * The artifact's bytes are in the store. Version 2 adds {@code report}, and {@code concurrency},
   * {@code scaling} and {@code egress} to the settings. Version 3 adds {@code onDisconnect} to the
   * settings.
   *
   * @param revision the revision that was built
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param artifact the manifest's digest
   * @param artifactBytes total size of the manifest and of everything that it names
   * @param unpackedBytes total size of the files that an instance starts with
   * @param settings settings of its instances
   * @param timings milliseconds by step of the build
   * @param report digest of the build's report in the store
   */
  @EventType(version = 3)
  record BuildSucceeded(
      RevisionRef revision,
      Instant occurredAt,
      Digest artifact,
      long artifactBytes,
      long unpackedBytes,
      RuntimeSettings settings,
      Timings timings,
      Optional<Digest> report)
      implements BuildEvent {}

  /**
   * The build ended without an artifact.
   *
   * @param revision the revision that was built
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param code kind of failure
   * @param reason message for the user: what is wrong, where, and what to do
   */
  record BuildFailed(RevisionRef revision, Instant occurredAt, ErrorCode code, String reason)
      implements BuildEvent {}
}
