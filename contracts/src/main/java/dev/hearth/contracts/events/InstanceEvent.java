package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Events about the instances of a placement. Topic {@code instances}, key the revision's id,
 * ordered per revision.
 */
public sealed interface InstanceEvent extends HearthEvent {

  NodeRef node();

  @JsonAlias("instance")
  UUID placement();

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
   * The placement has its minimum of instances, and each has answered its probe. Version 2 adds
   * {@code lateModules}; version 3 writes {@code placement} for {@code instance}.
   *
   * @param node run of the node
   * @param placement the placement's id
   * @param revision the placement's revision
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param timings milliseconds by step of the start
   * @param lateModules modules that an instance imported although the build found no import that
   *     reaches them
   */
  @EventType(version = 3)
  record InstanceReady(
      NodeRef node,
      @JsonAlias("instance") UUID placement,
      RevisionRef revision,
      Instant occurredAt,
      Timings timings,
      List<String> lateModules)
      implements InstanceEvent {

    @SuppressWarnings("ConstantValue") // Version 1 has no lateModules.
    public InstanceReady {
      lateModules = lateModules == null ? List.of() : List.copyOf(lateModules);
    }
  }

  /**
   * A running instance imported modules although the build found no import that reaches them.
   * Version 2 writes {@code placement} for {@code instance}.
   *
   * @param node run of the node
   * @param placement the placement's id
   * @param revision the placement's revision
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param modules dotted names of the modules
   */
  @EventType(version = 2)
  record ModulesMissed(
      NodeRef node,
      @JsonAlias("instance") UUID placement,
      RevisionRef revision,
      Instant occurredAt,
      List<String> modules)
      implements InstanceEvent {

    public ModulesMissed {
      modules = List.copyOf(modules);
    }
  }

  /**
   * The node could not start any instance of the placement and has removed the placement. Version 2
   * writes {@code placement} for {@code instance}.
   *
   * @param node run of the node
   * @param placement the placement's id
   * @param revision the placement's revision
   * @param occurredAt time of the event, by the clock of the publishing service
   * @param reason one sentence, followed by Python's traceback if there is one
   */
  @EventType(version = 2)
  record InstanceFailed(
      NodeRef node,
      @JsonAlias("instance") UUID placement,
      RevisionRef revision,
      Instant occurredAt,
      String reason)
      implements InstanceEvent {}
}
