package dev.hearth.executor.pool;

import dev.hearth.executor.host.HostProcess;

/**
 * What could be had by evicting a life.
 *
 * @param isFree whether it may be let go: it is not used, and need not be kept
 * @param value of keeping it: what making it again costs, by how likely that is, which is the less
 *     the longer it is unused
 */
record EvictionCandidate(Instances lives, Instance life, boolean isFree, double value) {

  HostProcess host() {
    return life.host();
  }

  /** Lets it go; whether it still could be. */
  boolean evict() {
    return lives.evict(life);
  }
}
