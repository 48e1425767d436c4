package dev.hearth.executor.pool;

import dev.hearth.executor.host.Host;

/** Starts the instances of one pool. */
public interface InstanceSource {

  /** The outcome of a start. */
  sealed interface Outcome {
    /** The instance answered its probe. */
    record Started(ReadyInstance instance) implements Outcome {}

    /** The function's code did not start; the user is told the reason. */
    record Refused(String reason) implements Outcome {}

    /** No host is available now, most likely because all memory is in use. */
    record NoRoom(String reason) implements Outcome {}
  }

  /** Starts an instance; blocks until it has answered its probe or failed. */
  Outcome start() throws InterruptedException;

  /** Writes a line into the function's log. */
  void tell(String text);

  /** Ends a host that a call reported as lost. */
  void discard(Host host);

  /** Releases the placement's resources after its last instance. */
  void end();
}
