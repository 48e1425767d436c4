package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What became of instances. Topic {@code instances}, key the revision's id. */
public sealed interface InstanceEvent extends HearthEvent {

  NodeRef node();

  UUID instance();

  RevisionRef revision();

  @Override
  @JsonIgnore
  default String topic() {
    return "instances";
  }

  @Override
  @JsonIgnore
  default String key() {
    return revision().id().toString();
  }

  /**
   * The instance answered its probe. Version 2 adds {@code lateModules}.
   *
   * @param lateModules modules that it needed though the build found no import that leads to them
   */
  record InstanceReady(
      NodeRef node,
      UUID instance,
      RevisionRef revision,
      Instant occurredAt,
      Timings timings,
      List<String> lateModules)
      implements InstanceEvent {

    @SuppressWarnings("ConstantValue") // Version 1 has none.
    public InstanceReady {
      lateModules = lateModules == null ? List.of() : List.copyOf(lateModules);
    }
  }

  /**
   * A running instance needed modules though the build found no import that leads to them.
   *
   * @param modules dotted
   */
  record ModulesMissed(
      NodeRef node, UUID instance, RevisionRef revision, Instant occurredAt, List<String> modules)
      implements InstanceEvent {

    public ModulesMissed {
      modules = List.copyOf(modules);
    }
  }

  /**
   * The instance could not be started and the node has given it up.
   *
   * @param reason one sentence, and Python's traceback where there is one
   */
  record InstanceFailed(
      NodeRef node, UUID instance, RevisionRef revision, Instant occurredAt, String reason)
      implements InstanceEvent {}
}
