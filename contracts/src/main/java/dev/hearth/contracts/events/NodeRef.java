package dev.hearth.contracts.events;

import java.util.UUID;

/**
 * Identifies one run of a node.
 *
 * @param name name of the node, constant across restarts
 * @param run id of the run, new with each start
 */
public record NodeRef(String name, UUID run) {}
