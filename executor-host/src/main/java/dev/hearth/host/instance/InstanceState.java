package dev.hearth.host.instance;

/** Lifecycle of an instance. */
enum InstanceState {
  /** The instance takes calls. */
  SERVING,
  /** The suspend hooks have run; the instance takes no calls until its resume hooks have run. */
  SUSPENDED,
  /** The interpreter ended by itself, and the instance is not closed yet. */
  FAILED,
  /** The instance is closed. */
  ENDED;

  /** Returns true if an instance in this state may move to the given one. */
  boolean mayBecome(InstanceState next) {
    return switch (this) {
      case SERVING -> next != SERVING;
      case SUSPENDED -> next != SUSPENDED;
      case FAILED -> next == ENDED;
      case ENDED -> false;
    };
  }

  /** Returns true if the instance still has its interpreter. */
  boolean isAlive() {
    return this == SERVING || this == SUSPENDED;
  }
}
