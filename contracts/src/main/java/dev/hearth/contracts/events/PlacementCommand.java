package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;
import java.time.Instant;
import java.util.UUID;

/**
 * Commands of the scheduler to a node. Topic {@code placements}, key the node's name, ordered per
 * node. A node ignores what it has done already and what is meant for an earlier run of it.
 */
public sealed interface PlacementCommand extends HearthEvent {

  NodeRef node();

  UUID placement();

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

  /**
   * Keep instances of this revision, between the least and the most that its settings name. Version
   * 2 writes {@code placement} for {@code instance} and was called {@code StartInstance} before.
   *
   * @param node the run of the node that it is meant for
   * @param placement id of the new placement
   * @param revision the revision to run
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param artifact digest of the manifest to run
   * @param settings how its instances are run
   */
  @EventType(version = 2, formerName = "StartInstance")
  record StartPlacement(
      NodeRef node,
      @JsonAlias("instance") UUID placement,
      RevisionRef revision,
      Instant occurredAt,
      Digest artifact,
      RuntimeSettings settings)
      implements PlacementCommand {}

  /**
   * Give the placement up: calls that are under way may finish. It is sent when no gateway sends
   * calls there any more. Version 2 writes {@code placement} for {@code instance} and was called
   * {@code StopInstance} before.
   *
   * @param node the run of the node that it is meant for
   * @param placement the placement's id
   * @param occurredAt when it happened, by the clock of the service that publishes
   */
  @EventType(version = 2, formerName = "StopInstance")
  record StopPlacement(NodeRef node, @JsonAlias("instance") UUID placement, Instant occurredAt)
      implements PlacementCommand {}
}
