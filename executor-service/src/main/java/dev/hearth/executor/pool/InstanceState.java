package dev.hearth.executor.pool;

/** The lifecycle of an instance. */
enum InstanceState {
  /** The host imports the code and probes it. */
  STARTING,
  /** The instance takes calls. */
  READY,
  /** The instance takes no further calls and ends after the running ones. */
  LEAVING,
  /** The instance has ended or its start failed. */
  ENDED;

  /** Returns true if an instance in this state may move to the given one. */
  boolean mayBecome(InstanceState next) {
    return switch (this) {
      case STARTING -> next == READY || next == ENDED;
      case READY -> next == LEAVING || next == ENDED;
      case LEAVING -> next == ENDED;
      case ENDED -> false;
    };
  }
}
