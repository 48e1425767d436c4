package dev.hearth.host.instance;

/** Where an instance is in its life. */
enum InstanceState {
  /** It takes calls. */
  SERVING,
  /** The hooks before a snapshot have run; it takes no calls until those after a restore have. */
  SUSPENDED,
  /** Its interpreter ended by itself; nobody has closed it yet. */
  FAILED,
  /** It was closed. */
  ENDED;

  /** Returns true if an instance may go from this state to another one. */
  boolean mayBecome(InstanceState next) {
    return switch (this) {
      case SERVING -> next != SERVING;
      case SUSPENDED -> next != SUSPENDED;
      case FAILED -> next == ENDED;
      case ENDED -> false;
    };
  }

  /** Returns true if an interpreter stands behind the instance. */
  boolean isAlive() {
    return this == SERVING || this == SUSPENDED;
  }
}
