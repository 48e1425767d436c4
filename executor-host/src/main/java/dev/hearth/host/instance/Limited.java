package dev.hearth.host.instance;

import dev.hearth.host.call.Exchange;
import java.time.Duration;

/** The instance that answers a call, as the {@link Watchdog} sees it. */
interface Limited {

  /** Returns the longest time that a call may take. */
  Duration timeout();

  /** Cancels the code of a call if it waits, and interrupts it if it runs. */
  void cancel(Exchange exchange, String invocation);

  /** Forgets a call, so that the caller of this method decides its answer. */
  void leave(Exchange exchange);
}
