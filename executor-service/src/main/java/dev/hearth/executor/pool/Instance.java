package dev.hearth.executor.pool;

import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.host.HostProcess;
import java.time.Duration;
import java.time.Instant;

/** One interpreter of an instance, in one host. What changes is guarded by the instance's lock. */
final class Instance {

  private final HostProcess host;
  private final String name;
  private final InstanceStarted started;
  private final Instant fetchedAt;
  private final Duration warm;
  private int running;
  private long idleSince = System.nanoTime();
  private boolean isLeft;

  /**
   * A life that has begun.
   *
   * @param name what the host calls it
   * @param fetchedAt when the artifact was there
   * @param warm from then until it answered its probe
   */
  Instance(
      HostProcess host, String name, InstanceStarted started, Instant fetchedAt, Duration warm) {
    this.host = host;
    this.name = name;
    this.started = started;
    this.fetchedAt = fetchedAt;
    this.warm = warm;
  }

  HostProcess host() {
    return host;
  }

  String name() {
    return name;
  }

  InstanceStarted started() {
    return started;
  }

  Instant fetchedAt() {
    return fetchedAt;
  }

  Duration warm() {
    return warm;
  }

  /** Calls that run. */
  int running() {
    return running;
  }

  void take() {
    running++;
  }

  void give() {
    running--;
    idleSince = System.nanoTime();
    stopIfDone();
  }

  /** How long no call has run. */
  Duration idle() {
    return running > 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - idleSince);
  }

  /** What starting it again costs, by how long nobody has called it. */
  double value() {
    return warm.toNanos() / (1e9 + idle().toNanos());
  }

  /** It gets no more calls: it stops when those that run have ended. */
  void leave() {
    isLeft = true;
    stopIfDone();
  }

  private void stopIfDone() {
    if (isLeft && running == 0) {
      host.stop(name);
    }
  }
}
