package dev.hearth.executor.host;

/** The lifecycle of a host process. */
public enum HostLifecycle {
  /** The process is started and does not answer yet. */
  BOOTING,
  /** The host is ready and belongs to no tenant. */
  STEM,
  /** The host belongs to a tenant and takes instances. */
  SERVING,
  /** The host takes no further instances, and ends when those it has are replaced elsewhere. */
  LEAVING,
  /** The host takes no further requests, and is killed when its answers have been sent. */
  ENDING,
  /** The process has ended. */
  ENDED;

  /** Returns true if a host in this state may move to the given one. */
  public boolean mayBecome(HostLifecycle next) {
    return switch (this) {
      case BOOTING -> next == STEM || next == ENDING || next == ENDED;
      case STEM -> next == SERVING || next == LEAVING || next == ENDING || next == ENDED;
      case SERVING -> next == LEAVING || next == ENDING || next == ENDED;
      case LEAVING -> next == ENDING || next == ENDED;
      case ENDING -> next == ENDED;
      case ENDED -> false;
    };
  }
}
