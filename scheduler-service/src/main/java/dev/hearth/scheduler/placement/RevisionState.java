package dev.hearth.scheduler.placement;

/** Lifecycle of a revision at the scheduler. */
enum RevisionState {
  /** The first instance is being started, and no call goes to the revision. */
  WARMING,
  /** The route is published, but not every gateway has acknowledged it yet. */
  ROUTED,
  /** Every live gateway has acknowledged the route. */
  LIVE,
  /** No instance could be started, and the revision never took a call. */
  FAILED,
  /** A newer revision has taken its place. */
  RETIRED;

  /** Returns true if a revision in this state may move to the given one. */
  boolean mayBecome(RevisionState next) {
    return switch (this) {
      case WARMING -> next == ROUTED || next == FAILED || next == RETIRED;
      case ROUTED -> next == LIVE || next == RETIRED;
      case LIVE -> next == RETIRED;
      case FAILED, RETIRED -> false;
    };
  }

  /** Returns true if a revision in this state needs a placement. */
  boolean needsPlacement() {
    return switch (this) {
      case WARMING, ROUTED, LIVE -> true;
      case FAILED, RETIRED -> false;
    };
  }

  /** Returns true if gateways may send calls to a revision in this state. */
  boolean takesCalls() {
    return switch (this) {
      case ROUTED, LIVE -> true;
      case WARMING, FAILED, RETIRED -> false;
    };
  }
}
