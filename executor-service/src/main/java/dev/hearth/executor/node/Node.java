package dev.hearth.executor.node;

import dev.hearth.contracts.events.NodeRef;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Identity of this node in this run: its configured name and an id that is new at each start. */
@Component
public final class Node {

  private final NodeRef ref;

  @Autowired
  Node(NodeSettings settings) {
    this(new NodeRef(settings.name(), UUID.randomUUID()));
  }

  private Node(NodeRef ref) {
    this.ref = ref;
  }

  /** Returns a node of a given identity. */
  public static Node of(NodeRef ref) {
    return new Node(ref);
  }

  public NodeRef ref() {
    return ref;
  }
}
