package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Reports of nodes about themselves. Topic {@code nodes}, key the node's name, ordered per node.
 */
public sealed interface NodeEvent extends HearthEvent {

  NodeRef node();

  @Override
  @JsonIgnore
  default String topic() {
    return "nodes";
  }

  @Override
  @JsonIgnore
  default String key() {
    return node().name();
  }

  /**
   * The node lives and is ready for placements. Sent at once when it has become ready, then at a
   * steady pace. Version 2 writes {@code placements} for {@code instances}.
   *
   * @param node which run of which node
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param url where calls go
   * @param placements ids of the placements that it keeps, ready or not yet
   * @param stems booted host processes that belong to nobody yet
   */
  @EventType(version = 2)
  record NodeHeartbeat(
      NodeRef node,
      Instant occurredAt,
      URI url,
      @JsonAlias("instances") List<UUID> placements,
      int stems)
      implements NodeEvent {

    public NodeHeartbeat {
      placements = List.copyOf(placements);
    }
  }
}
