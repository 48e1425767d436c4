package dev.hearth.executor.pool;

import java.time.Duration;

/** The result of a call's wait for a permit. */
public sealed interface Acquisition {

  /** The call may be made. */
  record Acquired(Permit permit) implements Acquisition {}

  /** No instance was free in time. */
  record TimedOut(Duration waited) implements Acquisition {}

  /** No instance can be started. */
  record CannotStart(String reason) implements Acquisition {}

  /** The placement has ended on this node; another node may take the call. */
  record Ended() implements Acquisition {}
}
