package dev.hearth.host.instance;

/**
 * The state of one instance, and why it is no longer alive. Thread-safe: the monitor guards both.
 */
final class Lifecycle {

  private InstanceState state = InstanceState.SERVING;
  private String reason = "";

  /** Moves to another state if that is allowed; returns false if it is not. */
  synchronized boolean become(InstanceState next) {
    return become(next, "");
  }

  /**
   * Moves to another state if that is allowed; returns false if it is not.
   *
   * @param why the reason, kept unless an earlier move gave one
   */
  synchronized boolean become(InstanceState next, String why) {
    if (!state.mayBecome(next)) {
      return false;
    }
    state = next;
    reason = reason.isEmpty() ? why : reason;
    return true;
  }

  synchronized boolean isAlive() {
    return state.isAlive();
  }

  /** Returns why the instance is no longer alive, or an empty string. */
  synchronized String reason() {
    return reason;
  }
}
