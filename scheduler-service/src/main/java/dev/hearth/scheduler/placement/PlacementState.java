package dev.hearth.scheduler.placement;

/** Lifecycle of a placement; a placement that has ended is deleted. */
enum PlacementState {
  /** The node was told to start it. */
  STARTING,
  /** Its instances answered their probes. */
  READY,
  /** No route names it any more; it is stopped when every live gateway has acknowledged that. */
  WITHDRAWN;

  /** Returns true if a placement in this state may move to the given one. */
  boolean mayBecome(PlacementState next) {
    return switch (this) {
      case STARTING -> next == READY || next == WITHDRAWN;
      case READY -> next == WITHDRAWN;
      case WITHDRAWN -> false;
    };
  }
}
