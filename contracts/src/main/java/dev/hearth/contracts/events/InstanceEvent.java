package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.time.Instant;
import java.util.UUID;

/** What became of instances. Topic {@code instances}, key the revision's id. */
public sealed interface InstanceEvent extends HearthEvent {

  NodeRef node();

  UUID instance();

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "instances";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().id().toString();
  }

  /** The instance answered its probe. */
  record InstanceReady(
      NodeRef node, UUID instance, RevisionRef revision, Instant occurredAt, Timings timings)
      implements InstanceEvent {}

  /**
   * The instance could not be started and the node has given it up.
   *
   * @param reason one sentence, and Python's traceback where there is one
   */
  record InstanceFailed(
      NodeRef node, UUID instance, RevisionRef revision, Instant occurredAt, String reason)
      implements InstanceEvent {}
}
