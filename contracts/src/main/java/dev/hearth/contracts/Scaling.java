package dev.hearth.contracts;

import java.util.Optional;

/**
 * Number of a revision's instances on one node.
 *
 * @param minInstances number of instances that are never evicted; with 0, a node that needs memory
 *     may evict the last one, and the next call starts one
 * @param maxInstances largest number of instances; further calls wait for a permit
 * @param memoryMiB heap of a host process for each instance; if absent, instances share their
 *     tenant's host processes
 */
public record Scaling(int minInstances, int maxInstances, Optional<Integer> memoryMiB) {

  public static final int MOST_INSTANCES = 20;
  public static final Scaling DEFAULT = new Scaling(0, 4, Optional.empty());

  public Scaling {
    if (minInstances < 0 || maxInstances < Math.max(1, minInstances)) {
      throw new IllegalArgumentException(
          "instances must be 0 ≤ minimum ≤ maximum and 1 ≤ maximum, but are %d and %d"
              .formatted(minInstances, maxInstances));
    }
  }
}
