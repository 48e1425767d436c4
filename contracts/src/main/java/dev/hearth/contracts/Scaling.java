package dev.hearth.contracts;

import java.util.Optional;

/**
 * How many instances of a revision a node keeps.
 *
 * @param minInstances are never evicted; with 0, a node that needs memory may evict the last one,
 *     and the next call starts it again
 * @param maxInstances further calls wait for a permit
 * @param memoryMiB heap of a host process for each instance alone; without it, instances share
 *     their tenant's host processes
 */
public record Scaling(int minInstances, int maxInstances, Optional<Integer> memoryMiB) {

  public static final int MOST_INSTANCES = 20;
  public static final Scaling DEFAULT = new Scaling(0, 4, Optional.empty());

  public Scaling {
    if (minInstances < 0 || maxInstances < Math.max(1, minInstances)) {
      throw new IllegalArgumentException(
          "instances are from %d to %d".formatted(minInstances, maxInstances));
    }
  }
}
