package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.Digest;
import dev.hearth.contracts.RevisionRef;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Events about uploads. Topic {@code revisions}, key {@code tenant/function}, ordered per function.
 */
public sealed interface RevisionEvent extends HearthEvent {

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "revisions";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().function().toString();
  }

  /**
   * A source archive is stored and must be built.
   *
   * @param revision the new revision
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param source digest of the canonical archive
   * @param entry entry that overrides the project's
   * @param environment variables that are added to the project's and override them
   */
  record RevisionUploaded(
      RevisionRef revision,
      Instant occurredAt,
      Digest source,
      Optional<String> entry,
      Map<String, String> environment)
      implements RevisionEvent {

    public RevisionUploaded {
      environment = Map.copyOf(environment);
    }
  }
}
