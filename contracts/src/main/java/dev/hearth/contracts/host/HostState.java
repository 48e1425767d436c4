package dev.hearth.contracts.host;

/**
 * Answer of {@code GET /state}: resources that a host process has used.
 *
 * @param heap the part of its heap that is still used after a garbage collection, 0–1
 * @param threads live threads
 * @param descriptors the part of those that it may have open, 0–1
 */
public record HostState(double heap, int threads, double descriptors) {}
