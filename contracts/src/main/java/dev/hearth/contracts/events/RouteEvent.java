package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Convention;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Routes of functions. Topic {@code routes}, compacted, key {@code tenant/function}. A function's
 * last route is in effect.
 */
public sealed interface RouteEvent extends HearthEvent {

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "routes";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().function().toString();
  }

  /**
   * From now on, calls of the function go to these placements. Version 2 adds {@code generation}
   * and writes {@code placement} for {@code instance}.
   *
   * @param revision the revision that takes the calls
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param targets placements; if empty, calls wait
   * @param convention calling convention of the revision
   * @param timeout timeout of one call
   * @param timings durations of {@code place} and {@code warm} of the placement that was ready
   *     first
   * @param generation number that grows with each route of the function; 0 in version 1. Gateways
   *     acknowledge it in {@link GatewayEvent}
   */
  @EventType(version = 2)
  record RoutePublished(
      RevisionRef revision,
      Instant occurredAt,
      List<Target> targets,
      Convention convention,
      Duration timeout,
      Timings timings,
      Long generation)
      implements RouteEvent {

    @SuppressWarnings("ConstantValue") // Version 1 has no generation.
    public RoutePublished {
      targets = List.copyOf(targets);
      generation = generation == null ? 0 : generation;
    }
  }

  /**
   * One placement and the node that keeps it.
   *
   * @param placement the placement's id, which each call to the node must name
   * @param node the node's address for calls
   */
  record Target(@JsonAlias("instance") UUID placement, URI node) {}
}
