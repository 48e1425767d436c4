package dev.hearth.kit.dispatch;

import java.time.Duration;

/**
 * How long calls wait.
 *
 * @param forRoute longest wait for a placement that can take the call
 * @param atNode longest wait at the node for a permit and for the start of an instance; a node that
 *     has not answered by then, and within twice the function's limit, is given up
 */
public record Patience(Duration forRoute, Duration atNode) {}
