package dev.hearth.executor.host;

import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceStarted;

/** The result of a start, a suspend or a resume of an instance. */
public sealed interface StartResult {
  /** The instance answered its probe. */
  record Started(InstanceStarted details) implements StartResult {}

  /** The user's code did not start. */
  record Failed(InstanceFailure details) implements StartResult {}

  /** The host ended or did not answer; a start in another host may succeed. */
  record HostLost(String reason) implements StartResult {}
}
