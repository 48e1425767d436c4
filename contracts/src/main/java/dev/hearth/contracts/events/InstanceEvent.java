package dev.hearth.contracts.events;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Reports of nodes about the instances of a placement. Topic {@code instances}, key the revision's
 * id, ordered per revision.
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
   * The placement has as many instances as it must have, and each answered its probe. Version 2
   * adds {@code lateModules}; version 3 writes {@code placement} for {@code instance}.
   *
   * @param node which run of which node
   * @param placement the placement's id
   * @param revision the revision that it runs
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param timings milliseconds by step of the start
   * @param lateModules modules that an instance needed though the build found no import that leads
   *     to them
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

    @SuppressWarnings("ConstantValue") // Version 1 has none.
    public InstanceReady {
      lateModules = lateModules == null ? List.of() : List.copyOf(lateModules);
    }
  }

  /**
   * A running instance needed modules though the build found no import that leads to them. Version
   * 2 writes {@code placement} for {@code instance}.
   *
   * @param node which run of which node
   * @param placement the placement's id
   * @param revision the revision that it runs
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param modules dotted names
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
   * No instance of the placement could be started, and the node has given the placement up. Version
   * 2 writes {@code placement} for {@code instance}.
   *
   * @param node which run of which node
   * @param placement the placement's id
   * @param revision the revision that it ran
   * @param occurredAt when it happened, by the clock of the service that publishes
   * @param reason one sentence, and Python's traceback if there is one
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
