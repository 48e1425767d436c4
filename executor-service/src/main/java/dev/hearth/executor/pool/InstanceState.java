package dev.hearth.executor.pool;

/** The lifecycle of an instance. */
enum InstanceState {
  /** The host imports the code and probes it. */
  STARTING,
  /** The instance takes calls. */
  READY,
  /** The instance takes no further calls and ends after those that run. */
  LEAVING,
  /** The instance is gone, or never came to be. */
  ENDED;

  /** Returns true if an instance may go from this state to another one. */
  boolean mayBecome(InstanceState next) {
    return switch (this) {
      case STARTING -> next == READY || next == ENDED;
      case READY -> next == LEAVING || next == ENDED;
      case LEAVING -> next == ENDED;
      case ENDED -> false;
    };
  }
}
