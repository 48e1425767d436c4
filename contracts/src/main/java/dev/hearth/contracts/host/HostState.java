package dev.hearth.contracts.host;

/**
 * Answer to {@code GET /state}: resource usage of a host process.
 *
 * @param heap part of the heap that is used after a garbage collection, 0–1
 * @param threads number of live threads
 * @param descriptors part of the allowed file descriptors that are open, 0–1
 */
public record HostState(double heap, int threads, double descriptors) {}
