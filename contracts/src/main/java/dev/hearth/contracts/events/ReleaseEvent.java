package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.time.Instant;

/**
 * The scheduler's decisions about revisions. No other service decides that a revision is live or
 * has failed to start. Topic {@code releases}, key {@code tenant/function}, ordered per function.
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
   * The revision takes all calls of its function: its placements are ready, and every live gateway
   * has the route. Older revisions are superseded.
   *
   * @param revision the revision
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param timings durations of the steps {@code place} and {@code warm}
   */
  record RevisionReleased(RevisionRef revision, Instant occurredAt, Timings timings)
      implements ReleaseEvent {}

  /**
   * The revision will never take a call, because no instance of it could be started.
   *
   * @param revision the revision
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param code kind of failure
   * @param reason one sentence, followed by Python's traceback if there is one
   */
  record RevisionFailed(RevisionRef revision, Instant occurredAt, ErrorCode code, String reason)
      implements ReleaseEvent {}
}
