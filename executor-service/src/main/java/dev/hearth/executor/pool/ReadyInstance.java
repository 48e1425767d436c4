package dev.hearth.executor.pool;

import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.host.Host;
import java.time.Duration;
import java.time.Instant;

/**
 * An instance that has answered its probe.
 *
 * @param name id of the instance in its host
 * @param fetchedAt when this node had the artifact
 * @param warm time from {@code fetchedAt} until the probe was answered
 */
public record ReadyInstance(
    Host host, String name, InstanceStarted started, Instant fetchedAt, Duration warm) {}
