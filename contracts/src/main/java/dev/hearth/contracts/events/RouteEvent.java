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
 * Routes of functions. Topic {@code routes}, compacted, key {@code tenant/function}: the last one
 * counts.
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
   * Calls of the function go to these placements from now on. Version 2 adds {@code generation} and
   * writes {@code placement} for {@code instance}.
   *
   * @param revision the revision that takes the calls
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param targets the placements; none while the revision has no placement: calls wait
   * @param convention how the revision is called
   * @param timeout the limit of one call
   * @param timings place and warm, of the placement that was ready first
   * @param generation grows with each route of the function; 0 where version 1 wrote it. Gateways
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

    @SuppressWarnings("ConstantValue") // Version 1 has none.
    public RoutePublished {
      targets = List.copyOf(targets);
      generation = generation == null ? 0 : generation;
    }
  }

  /**
   * One placement and the node that keeps it.
   *
   * @param placement the placement's id, which the node wants to know with each call
   * @param node the node's address for calls
   */
  record Target(@JsonAlias("instance") UUID placement, URI node) {}
}
