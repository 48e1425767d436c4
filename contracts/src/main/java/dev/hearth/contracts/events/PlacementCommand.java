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
 * node. A node ignores commands that it has already carried out and commands for earlier runs.
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
   * Keep between the minimum and the maximum of instances in the settings. Version 2 writes {@code
   * placement} for {@code instance}; version 1 was called {@code StartInstance}. Version 3 adds
   * {@code onDisconnect} to the settings.
   *
   * @param node run of the node that must carry out the command
   * @param placement id of the new placement
   * @param revision the revision to run
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param artifact digest of the manifest to run
   * @param settings settings of its instances
   */
  @EventType(version = 3, formerName = "StartInstance")
  record StartPlacement(
      NodeRef node,
      @JsonAlias("instance") UUID placement,
      RevisionRef revision,
      Instant occurredAt,
      Digest artifact,
      RuntimeSettings settings)
      implements PlacementCommand {}

  /**
   * Drain and remove the placement: running calls may finish. Sent when no gateway routes calls
   * there any more. Version 2 writes {@code placement} for {@code instance}; version 1 was called
   * {@code StopInstance}.
   *
   * @param node run of the node that must carry out the command
   * @param placement the placement's id
   * @param occurredAt time of the event, by the clock of the publishing service
   */
  @EventType(version = 2, formerName = "StopInstance")
  record StopPlacement(NodeRef node, @JsonAlias("instance") UUID placement, Instant occurredAt)
      implements PlacementCommand {}
}
