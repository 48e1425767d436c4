package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Events about nodes. Topic {@code nodes}, key the node's name, ordered per node. */
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
   * Heartbeat of a node that is ready for placements. Sent at once when the node becomes ready,
   * then at a fixed interval. Version 2 writes {@code placements} for {@code instances}.
   *
   * @param node run of the node
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param url address for calls
   * @param placements ids of the node's placements, whether they are ready or not
   * @param stems number of booted host processes that belong to no tenant yet
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
