package dev.hearth.executor.pool;

/** The lifecycle of an instance pool. */
public enum PoolState {
  /** The placement is known, and nothing has been started. */
  KNOWN,
  /** The first instances start. */
  STARTING,
  /** The pool has had as many instances as it must have; it may have none now. */
  SERVING,
  /** The placement is told to stop; calls that come are still taken. */
  RETIRING,
  /** The pool takes no calls. */
  ENDED;

  /** Returns true if a pool may go from this state to another one. */
  public boolean mayBecome(PoolState next) {
    return switch (this) {
      case KNOWN -> next == STARTING || next == RETIRING || next == ENDED;
      case STARTING -> next == SERVING || next == RETIRING || next == ENDED;
      case SERVING -> next == RETIRING || next == ENDED;
      case RETIRING -> next == ENDED;
      case ENDED -> false;
    };
  }
}
