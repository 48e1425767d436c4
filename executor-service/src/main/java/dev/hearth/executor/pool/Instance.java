package dev.hearth.executor.pool;

import dev.hearth.executor.host.Host;
import dev.hearth.executor.node.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One instance of a pool; the pool's lock guards it. */
final class Instance {

  private final Ticker ticker;
  private InstanceState state = InstanceState.STARTING;
  private @Nullable ReadyInstance details;
  private int running;
  private long idleSince;

  Instance(Ticker ticker) {
    this.ticker = ticker;
    this.idleSince = ticker.nanoTime();
  }

  InstanceState state() {
    return state;
  }

  private void become(InstanceState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException(
          "an instance cannot move from %s to %s".formatted(state, next));
    }
    state = next;
  }

  /** Lets the instance take calls. */
  void ready(ReadyInstance started) {
    become(InstanceState.READY);
    details = started;
    idleSince = ticker.nanoTime();
  }

  /** Returns the details of an instance that has been ready. */
  ReadyInstance details() {
    if (details == null) {
      throw new IllegalStateException("the instance has no details, because it has not been ready");
    }
    return details;
  }

  Host host() {
    return details().host();
  }

  /** Returns the number of running calls. */
  int running() {
    return running;
  }

  void take() {
    running++;
  }

  /** Counts a call as ended; a leaving instance ends with its last call. */
  void give() {
    running--;
    idleSince = ticker.nanoTime();
    endIfLeft();
  }

  /** Returns how long the instance has run no call. */
  Duration idle() {
    return running > 0 ? Duration.ZERO : ticker.since(idleSince);
  }

  /** Returns the worth of keeping the instance: the cost of a start, divided by the idle time. */
  double value() {
    return details().warm().toNanos() / (1e9 + idle().toNanos());
  }

  /** Takes no further calls, and ends the instance after the running ones. */
  void leave() {
    become(InstanceState.LEAVING);
    endIfLeft();
  }

  private void endIfLeft() {
    if (state == InstanceState.LEAVING && running == 0) {
      stop();
    }
  }

  /** Ends the instance at once. */
  void stop() {
    become(InstanceState.ENDED);
    host().stop(details().name());
  }

  /** Records that the instance is gone: its host has ended, or a call has ended it. */
  void lost() {
    become(InstanceState.ENDED);
    host().forget(details().name());
  }

  /** Records that the start failed. */
  void failed() {
    become(InstanceState.ENDED);
  }
}
