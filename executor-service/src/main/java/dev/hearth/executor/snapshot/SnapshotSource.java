package dev.hearth.executor.snapshot;

import dev.hearth.contracts.host.InstanceStarted;

/** The instance of which a snapshot is to be made. */
public interface SnapshotSource {

  /** What became of an attempt to prepare the instance. */
  sealed interface Prepared {

    /**
     * The instance is started alone in a host and its hooks have run. Whoever gets this ends the
     * host.
     */
    record Ready(Checkpointable host, InstanceStarted started) implements Prepared {}

    /** Something is missing that may be there later, such as memory. */
    record NotNow() implements Prepared {}

    /** The instance did not start or a hook failed; it will not work later either. */
    record Never() implements Prepared {}
  }

  /** Starts the instance in a host of its own and runs its hooks; blocks until that is done. */
  Prepared prepare() throws InterruptedException;

  /** Tells the author of the function why there is no snapshot. */
  void failed(String reason);
}
