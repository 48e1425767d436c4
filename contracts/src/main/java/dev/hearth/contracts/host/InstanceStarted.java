package dev.hearth.contracts.host;

import dev.hearth.contracts.Convention;

/**
 * The instance has imported its entry and answered its probe.
 *
 * @param convention how it will be called
 * @param start {@code prepared} when a stem interpreter was there, else {@code cold}
 * @param importMilliseconds the user's imports
 * @param probeMilliseconds the probe
 */
public record InstanceStarted(
    Convention convention, String start, double importMilliseconds, double probeMilliseconds) {}
