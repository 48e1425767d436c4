package dev.hearth.executor.snapshot;

import java.io.IOException;
import java.util.Optional;

/** A host process that can be checkpointed. */
public interface Checkpointable {

  String name();

  boolean isAlive();

  /** Makes the host collect garbage and close its connections. */
  void rest() throws InterruptedException, IOException;

  /** Returns the process inside the sandbox, whose outer processes are bubblewrap's. */
  Optional<ProcessHandle> inner();

  /** Ends the process at once. */
  void kill();
}
