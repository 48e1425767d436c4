package dev.hearth.contracts.events;

import java.util.UUID;

/**
 * Identifies one run of a gateway.
 *
 * @param name name of the gateway, constant across restarts
 * @param run id of the run, new with each start
 */
public record GatewayRef(String name, UUID run) {}
