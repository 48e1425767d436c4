package dev.hearth.executor.pool;

import dev.hearth.contracts.HearthHeaders;
import dev.hearth.executor.host.HostProcess;
import dev.hearth.executor.host.TenantHosts;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to make one call. Must be released, or reported lost; only the first of these counts.
 */
public final class Permit {

  private final Instances lives;
  private final Instances.Turn turn;
  private final TenantHosts hosts;
  private final AtomicBoolean settled = new AtomicBoolean();

  Permit(Instances lives, Instances.Turn turn, TenantHosts hosts) {
    this.lives = lives;
    this.turn = turn;
    this.hosts = hosts;
  }

  public HostProcess host() {
    return turn.life().host();
  }

  /** What the host calls the instance. */
  public String hostInstance() {
    return turn.life().name();
  }

  /** {@code warm}, or how the life that this call waited for was started. */
  public String start() {
    return turn.startNanos() == 0 ? HearthHeaders.START_WARM : turn.life().started().start();
  }

  public Duration queued() {
    return Duration.ofNanos(turn.queueNanos());
  }

  public Duration started() {
    return Duration.ofNanos(turn.startNanos());
  }

  /** Gives the turn to the next one. */
  public void release() {
    if (settled.compareAndSet(false, true)) {
      lives.release(turn.life());
    }
  }

  /** The call ended the interpreter: it is made anew. */
  public void lost() {
    if (settled.compareAndSet(false, true)) {
      lives.lose(turn.life());
      lives.release(turn.life());
    }
  }

  /** The whole host is gone or must go: nothing is started in it any more. */
  public void hostLost() {
    if (settled.compareAndSet(false, true)) {
      hosts.discard(host());
      lives.lose(turn.life());
      lives.release(turn.life());
    }
  }
}
