package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.RuntimeSettings;

/** A revision that the scheduler has heard of. */
record PlacedRevision(RevisionRef ref, Digest artifact, RuntimeSettings settings, State state) {

  /** Its life here. */
  enum State {
    /** Its first instance is being made. */
    WARMING,
    /** Calls go to it. */
    ROUTED,
    /** It did not start. */
    FAILED,
    /** A newer one has taken its place. */
    RETIRED;

    boolean mayBecome(State next) {
      return switch (this) {
        case WARMING -> next == ROUTED || next == FAILED || next == RETIRED;
        case ROUTED -> next == RETIRED;
        case FAILED, RETIRED -> false;
      };
    }
  }
}
