package dev.hearth.contracts.events;

import java.util.UUID;

/**
 * One run of a gateway.
 *
 * @param name stays the same over restarts
 * @param run differs with each start
 */
public record GatewayRef(String name, UUID run) {}
