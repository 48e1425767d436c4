package dev.hearth.host.call;

/** Lifecycle of one call in its host. */
enum CallState {
  /** The host has the request; no code has seen it, so another node may still make the call. */
  RECEIVED,
  /** The code has the call. */
  RUNNING,
  /** The answer has begun, or the request has become a WebSocket. */
  ANSWERING,
  /** The answer is complete; parts of it may still be on their way to the client. */
  ANSWERED,
  /** Nothing more can be sent: the client has left, or the answer was broken off. */
  GONE;

  /** Returns true if a call may go from this state to another one. */
  boolean mayBecome(CallState next) {
    return switch (this) {
      case RECEIVED -> next != RECEIVED;
      case RUNNING -> next == ANSWERING || next == ANSWERED || next == GONE;
      case ANSWERING -> next == ANSWERED || next == GONE;
      case ANSWERED -> next == GONE;
      case GONE -> false;
    };
  }

  /** Returns true if nothing of the answer has been sent. */
  boolean isUnanswered() {
    return this == RECEIVED || this == RUNNING;
  }

  /** Returns true if the code cannot add to the answer any more. */
  boolean isOver() {
    return this == ANSWERED || this == GONE;
  }
}
