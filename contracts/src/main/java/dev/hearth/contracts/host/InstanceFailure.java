package dev.hearth.contracts.host;

/**
 * The instance could not be made.
 *
 * @param message one sentence
 * @param traceback Python's own, or empty
 */
public record InstanceFailure(String message, String traceback) {}
