package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import java.time.Instant;
import java.util.UUID;

/**
 * What the scheduler wants of a node. Topic {@code placements}, key the node's name, ordered per
 * node. A node ignores what it has done already and what is meant for an earlier run of it.
 */
public sealed interface PlacementCommand extends HearthEvent {

  NodeRef node();

  UUID instance();

  @Override
  @JsonIgnore
  default String topic() {
    return "placements";
  }

  @Override
  @JsonIgnore
  default String key() {
    return node().name();
  }

  /** Keep an instance of this revision. */
  record StartInstance(
      NodeRef node,
      UUID instance,
      RevisionRef revision,
      Instant occurredAt,
      Digest artifact,
      RuntimeSettings settings)
      implements PlacementCommand {}

  /** The instance is not needed any more; calls that are under way may finish. */
  record StopInstance(NodeRef node, UUID instance, Instant occurredAt)
      implements PlacementCommand {}
}
