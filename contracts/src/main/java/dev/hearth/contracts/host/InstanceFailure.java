package dev.hearth.contracts.host;

/**
 * Answer of a start that failed.
 *
 * @param message one sentence
 * @param traceback Python's traceback, or empty
 */
public record InstanceFailure(String message, String traceback) {}
