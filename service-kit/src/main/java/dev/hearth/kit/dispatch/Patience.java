package dev.hearth.kit.dispatch;

import java.time.Duration;

/**
 * Limits of the time that calls wait.
 *
 * @param forRoute longest wait for a placement that can take the call
 * @param atNode longest wait at the node for a permit and the start of an instance; a call fails if
 *     its node does not answer within this time and twice the function's timeout
 */
public record Patience(Duration forRoute, Duration atNode) {}
