package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import dev.hearth.contracts.Timings;
import java.time.Instant;
import java.util.Optional;

/** What builds tell the rest. Topic {@code builds}, key the revision's id, ordered per revision. */
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

  /** The build has begun. */
  record BuildStarted(RevisionRef revision, Instant occurredAt) implements BuildEvent {}

  /**
   * The artifact's bytes are in the store. Version 2 adds {@code report}, and {@code concurrency},
   * {@code scaling} and {@code egress} to the settings.
   *
   * @param artifact the manifest's digest
   * @param artifactBytes everything that the manifest names, and itself
   * @param unpackedBytes what a function is started with
   * @param report the build's report, in the store too
   */
  @EventType(version = 2)
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

  /** There will be no artifact. */
  record BuildFailed(RevisionRef revision, Instant occurredAt, ErrorCode code, String reason)
      implements BuildEvent {}
}
