package dev.hearth.api.gateway;

import dev.hearth.contracts.Convention;
import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Routes of one function. */
final class GatewayFixtures {

  static final FunctionKey FUNCTION = new FunctionKey("acme", "tea");

  private GatewayFixtures() {}

  /** Creates a placement on a node that listens at a port of this machine. */
  static Target target(int port) {
    return new Target(UUID.randomUUID(), URI.create("http://127.0.0.1:" + port));
  }

  /** Creates a route whose generation is its revision's number. */
  static RoutePublished route(int revision, Target... targets) {
    return new RoutePublished(
        new RevisionRef(new UUID(0, revision), FUNCTION, revision),
        Instant.EPOCH,
        List.of(targets),
        Convention.ASGI,
        Duration.ofSeconds(10),
        Timings.none(),
        (long) revision);
  }
}
