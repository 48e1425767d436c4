package dev.hearth.executor.host;

import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceStarted;

/** What became of the start of an instance. */
public sealed interface StartResult {
  /** The instance answered its probe. */
  record Started(InstanceStarted details) implements StartResult {}

  /** The user's code did not start. */
  record Failed(InstanceFailure details) implements StartResult {}

  /** The host ended or did not answer; another may do better. */
  record HostLost(String reason) implements StartResult {}
}
