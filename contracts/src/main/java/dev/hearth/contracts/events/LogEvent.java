package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Lines for a revision's logs. Topic {@code logs}, key the revision's id, ordered per revision. */
public sealed interface LogEvent extends HearthEvent {

  /** Returns the revision that the lines belong to. */
  UUID revisionId();

  List<Line> lines();

  @Override
  @JsonIgnore
  default String topic() {
    return "logs";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revisionId().toString();
  }

  /**
   * Lines that a build wrote. Version 2 adds {@code level} and {@code invocation} to a line.
   *
   * @param revisionId the revision that is built
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param lines lines in the order in which they were written
   */
  @EventType(version = 2)
  record BuildLogged(UUID revisionId, Instant occurredAt, List<Line> lines) implements LogEvent {

    public BuildLogged {
      lines = List.copyOf(lines);
    }
  }

  /**
   * Lines that the user's code printed. Version 2 adds {@code level} and {@code invocation} to a
   * line.
   *
   * @param revisionId the revision whose code printed them
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param lines lines in the order in which they were written
   */
  @EventType(version = 2)
  record FunctionLogged(UUID revisionId, Instant occurredAt, List<Line> lines) implements LogEvent {

    public FunctionLogged {
      lines = List.copyOf(lines);
    }
  }

  /**
   * One entry of a log.
   *
   * @param at when the line was written
   * @param text the line without its line break, or a record, which may have several lines
   * @param level level of a {@code logging} record, in lower case
   * @param invocation id of the call that printed it
   */
  record Line(Instant at, String text, Optional<String> level, Optional<String> invocation) {

    /** Returns a line without level and invocation. */
    public static Line of(Instant at, String text) {
      return new Line(at, text, Optional.empty(), Optional.empty());
    }
  }
}
