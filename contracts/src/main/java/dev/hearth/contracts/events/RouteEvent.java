package dev.hearth.contracts.events;

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
 * Where calls go. Topic {@code routes}, compacted, key {@code tenant/function}: the last one
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
   * Calls of the function go to these instances from now on.
   *
   * @param targets none while the instances are being made anew; calls wait
   * @param timeout the limit of one call
   * @param timings place and warm, of the instance that was ready first
   */
  record RoutePublished(
      RevisionRef revision,
      Instant occurredAt,
      List<Target> targets,
      Convention convention,
      Duration timeout,
      Timings timings)
      implements RouteEvent {

    public RoutePublished {
      targets = List.copyOf(targets);
    }
  }

  /** One instance and the node that keeps it. */
  record Target(UUID instance, URI node) {}
}
