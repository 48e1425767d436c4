package dev.hearth.contracts;

import java.util.Optional;

/**
 * How many instances of a revision a node keeps.
 *
 * @param minInstances kept whatever else needs room; with 0, the last one may be evicted and is
 *     made anew by the next call
 * @param maxInstances at most so many, where calls wait for their turn
 * @param memoryMiB heap of a host process of each instance's own; without it, the instances share
 *     those of their tenant
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
