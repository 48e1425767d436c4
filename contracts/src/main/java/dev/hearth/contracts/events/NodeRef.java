package dev.hearth.contracts.events;

import java.util.UUID;

/**
 * One run of an executor node.
 *
 * @param name stays the same over restarts
 * @param run differs with each start
 */
public record NodeRef(String name, UUID run) {}
