package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Calling conventions of entry points. An instance runs calls of asynchronous code concurrently,
 * calls of other code one after the other.
 */
public enum Convention {
  /** A {@code WorkerEntrypoint} class with {@code async def fetch(self, request)}. */
  @JsonProperty("workers")
  WORKERS(50),
  /** ASGI 3: {@code async app(scope, receive, send)}. */
  @JsonProperty("asgi")
  ASGI(50),
  /** WSGI (PEP 3333): {@code app(environ, start_response)}. */
  @JsonProperty("wsgi")
  WSGI(1),
  /** AWS Lambda: {@code handler(event, context)}. */
  @JsonProperty("lambda")
  LAMBDA(1),
  /** Unknown at build time: the instance inspects the entry object. */
  @JsonProperty("auto")
  AUTO(1);

  private final int concurrency;

  Convention(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Returns the default number of concurrent calls of an instance. */
  public int concurrency() {
    return concurrency;
  }
}
