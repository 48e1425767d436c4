package dev.hearth.contracts.host;

/**
 * {@code GET /state} of a host process: what it has used up.
 *
 * @param heap the part of its heap that is still used after a garbage collection, 0–1
 * @param threads that live
 * @param descriptors the part of those that it may have open, 0–1
 */
public record HostState(double heap, int threads, double descriptors) {}
