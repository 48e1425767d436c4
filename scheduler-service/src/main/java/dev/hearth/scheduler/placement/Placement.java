package dev.hearth.scheduler.placement;

import dev.hearth.contracts.events.NodeRef;
import java.util.UUID;

/** An instance that a node should keep. */
record Placement(UUID id, UUID revisionId, NodeRef node, boolean ready) {}
