package dev.hearth.host.instance;

import dev.hearth.host.call.Exchange;
import java.time.Duration;

/** What the watchdog needs of the instance that answers a call. */
interface Limited {

  /** Returns the limit of each call. */
  Duration timeout();

  /** Stops the code of a call where it waits, or else where it is. */
  void cancel(Exchange exchange, String invocation);

  /** Forgets a call, so that whoever asks decides what it is answered. */
  void leave(Exchange exchange);
}
