package dev.hearth.scheduler.placement;

/** Lifecycle of a placement; a placement that has ended is deleted. */
enum PlacementState {
  /** The node has the command to start the placement. */
  STARTING,
  /** The placement's instances answered their probes. */
  READY,
  /** No route names the placement; it is stopped once every live gateway has acknowledged that. */
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
