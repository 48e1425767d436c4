package dev.hearth.contracts;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an entry point wants to be called. */
public enum Convention {
  /** A {@code WorkerEntrypoint} class with {@code async def fetch(self, request)}. */
  @JsonProperty("workers")
  WORKERS,
  /** {@code async app(scope, receive, send)}. */
  @JsonProperty("asgi")
  ASGI,
  /** PEP 3333: {@code app(environ, start_response)}. */
  @JsonProperty("wsgi")
  WSGI,
  /** {@code handler(event, context)}. */
  @JsonProperty("lambda")
  LAMBDA,
  /** Not known from the code: the instance looks at the object. */
  @JsonProperty("auto")
  AUTO
}
