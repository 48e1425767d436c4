package dev.hearth.executor.snapshot;

import dev.hearth.contracts.host.InstanceStarted;

/** Prepares an instance for a snapshot. */
public interface SnapshotSource {

  /** The result of an attempt to prepare the instance. */
  sealed interface Prepared {

    /** The instance is alone in a host and its hooks have run. The receiver ends the host. */
    record Ready(Checkpointable host, InstanceStarted started) implements Prepared {}

    /** The instance cannot be prepared now, for example for lack of memory. */
    record NotNow() implements Prepared {}

    /** The instance did not start or a hook failed, as it would later. */
    record Never() implements Prepared {}
  }

  /** Starts the instance in a host of its own and runs its hooks; blocks until they have run. */
  Prepared prepare() throws InterruptedException;

  /** Tells the author of the function why there is no snapshot. */
  void failed(String reason);
}
