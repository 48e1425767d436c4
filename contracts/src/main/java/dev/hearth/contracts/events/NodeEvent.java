package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What nodes say of themselves. Topic {@code nodes}, key the node's name. */
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
   * The node lives and is ready for instances. Sent at once when it has become ready, then at a
   * steady pace.
   *
   * @param url where calls go
   * @param instances what it keeps, ready or not yet
   * @param stems booted host processes that belong to nobody yet
   */
  record NodeHeartbeat(NodeRef node, Instant occurredAt, URI url, List<UUID> instances, int stems)
      implements NodeEvent {

    public NodeHeartbeat {
      instances = List.copyOf(instances);
    }
  }
}
