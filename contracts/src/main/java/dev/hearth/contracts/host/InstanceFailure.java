package dev.hearth.contracts.host;

/**
 * Answer to a start that failed.
 *
 * @param message what failed, in one sentence
 * @param traceback Python's traceback, or empty
 */
public record InstanceFailure(String message, String traceback) {}
