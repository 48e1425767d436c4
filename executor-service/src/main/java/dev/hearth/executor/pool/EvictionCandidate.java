package dev.hearth.executor.pool;

import dev.hearth.executor.host.Host;

/**
 * An instance and the cost of its eviction.
 *
 * @param isFree true if the instance is idle and need not be kept
 * @param value worth of keeping the instance: the cost of a new start, which counts less the longer
 *     the instance is idle
 */
public record EvictionCandidate(Instances pool, Instance instance, boolean isFree, double value) {

  public Host host() {
    return instance.host();
  }

  /** Evicts the instance; returns false if a call has taken it meanwhile. */
  public boolean evict() {
    return pool.evict(instance);
  }
}
