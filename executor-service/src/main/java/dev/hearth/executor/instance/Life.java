package dev.hearth.executor.instance;

import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.host.HostProcess;
import java.time.Duration;
import java.time.Instant;

/**
 * An instance in one host.
 *
 * @param name what the host calls it
 * @param fetchedAt when the artifact was there
 * @param warm from then until it answered its probe
 */
record Life(
    HostProcess host, String name, InstanceStarted started, Instant fetchedAt, Duration warm) {}
