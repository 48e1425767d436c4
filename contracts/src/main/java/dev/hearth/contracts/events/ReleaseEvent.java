package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.time.Instant;

/**
 * What the scheduler decided about a revision; nobody else says that a revision is live or has
 * failed to start. Topic {@code releases}, key {@code tenant/function}, ordered per function.
 */
public sealed interface ReleaseEvent extends HearthEvent {

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "releases";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().function().toString();
  }

  /**
   * The revision takes all calls of its function: its placements are ready and every live gateway
   * has the route. Older revisions are superseded.
   *
   * @param revision the revision
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param timings the steps {@code place} and {@code warm}, in milliseconds
   */
  record RevisionReleased(RevisionRef revision, Instant occurredAt, Timings timings)
      implements ReleaseEvent {}

  /**
   * The revision never took a call and will not: no instance of it could be started.
   *
   * @param revision the revision
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param code what kind of failure it is
   * @param reason one sentence, and Python's traceback if there is one
   */
  record RevisionFailed(RevisionRef revision, Instant occurredAt, ErrorCode code, String reason)
      implements ReleaseEvent {}
}
