package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Calling conventions of entry points. Calls of asynchronous code overlap while they wait; calls of
 * other code run one after the other.
 */
public enum Convention {
  /** A {@code WorkerEntrypoint} class with {@code async def fetch(self, request)}. */
  @JsonProperty("workers")
  WORKERS(50),
  /** {@code async app(scope, receive, send)}. */
  @JsonProperty("asgi")
  ASGI(50),
  /** PEP 3333: {@code app(environ, start_response)}. */
  @JsonProperty("wsgi")
  WSGI(1),
  /** {@code handler(event, context)}. */
  @JsonProperty("lambda")
  LAMBDA(1),
  /** The code does not tell: the instance looks at the object. */
  @JsonProperty("auto")
  AUTO(1);

  private final int concurrency;

  Convention(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Returns how many calls an instance takes at a time, unless its settings say otherwise. */
  public int concurrency() {
    return concurrency;
  }
}
