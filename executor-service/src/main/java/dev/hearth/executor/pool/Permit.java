package dev.hearth.executor.pool;

import dev.hearth.contracts.HearthHeaders;
import dev.hearth.executor.host.Host;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The right to make one call of an instance. Its holder releases it or reports the instance or the
 * host lost; only the first of these counts.
 */
public final class Permit {

  private final Instances pool;
  private final Instance instance;
  private final long queueNanos;
  private final long startNanos;
  private final AtomicBoolean isSettled = new AtomicBoolean();

  /**
   * Creates a permit.
   *
   * @param queueNanos time that the call waited for a free instance
   * @param startNanos time that the call waited for a start
   */
  Permit(Instances pool, Instance instance, long queueNanos, long startNanos) {
    this.pool = pool;
    this.instance = instance;
    this.queueNanos = queueNanos;
    this.startNanos = startNanos;
  }

  public Host host() {
    return instance.host();
  }

  /** Returns the id of the instance in its host. */
  public String hostInstance() {
    return instance.details().name();
  }

  /** Returns {@code warm}, or the kind of start that the call waited for. */
  public String start() {
    return startNanos == 0 ? HearthHeaders.START_WARM : instance.details().started().start();
  }

  public Duration queued() {
    return Duration.ofNanos(queueNanos);
  }

  public Duration started() {
    return Duration.ofNanos(startNanos);
  }

  /** Releases the permit, so that the instance may take another call. */
  public void release() {
    if (isSettled.compareAndSet(false, true)) {
      pool.release(instance);
    }
  }

  /** Reports that the call ended the instance; the pool starts another one if it needs to. */
  public void lost() {
    if (isSettled.compareAndSet(false, true)) {
      pool.lose(instance);
      pool.release(instance);
    }
  }

  /** Reports that the host has ended or must end; it gets no further instances. */
  public void hostLost() {
    if (isSettled.compareAndSet(false, true)) {
      pool.discard(instance);
      pool.lose(instance);
      pool.release(instance);
    }
  }
}
