package dev.hearth.executor.node;

import dev.hearth.contracts.events.NodeRef;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** This run of this node. */
@Component
public final class Node {

  private final NodeRef ref;

  Node(NodeSettings settings) {
    this.ref = new NodeRef(settings.name(), UUID.randomUUID());
  }

  public NodeRef ref() {
    return ref;
  }
}
