package dev.hearth.executor.pool;

/** The lifecycle of an instance pool. */
public enum PoolState {
  /** The placement is known, and nothing has been started. */
  KNOWN,
  /** The first instances start. */
  STARTING,
  /** The pool has reached its minimum of instances once; it may have none now. */
  SERVING,
  /** The placement is about to end; the pool still takes calls. */
  RETIRING,
  /** The pool takes no calls. */
  ENDED;

  /** Returns true if a pool in this state may move to the given one. */
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
