package dev.hearth.scheduler.placement;

import dev.hearth.contracts.ErrorCode;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.events.HearthEvent;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.contracts.events.ReleaseEvent.RevisionFailed;
import dev.hearth.contracts.events.ReleaseEvent.RevisionReleased;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.scheduler.placement.Decision.Accept;
import dev.hearth.scheduler.placement.Decision.Assign;
import dev.hearth.scheduler.placement.Decision.Drop;
import dev.hearth.scheduler.placement.Decision.Fail;
import dev.hearth.scheduler.placement.Decision.MarkReady;
import dev.hearth.scheduler.placement.Decision.NoteGateway;
import dev.hearth.scheduler.placement.Decision.NoteNode;
import dev.hearth.scheduler.placement.Decision.Postpone;
import dev.hearth.scheduler.placement.Decision.Promote;
import dev.hearth.scheduler.placement.Decision.PublishRoute;
import dev.hearth.scheduler.placement.Decision.Release;
import dev.hearth.scheduler.placement.Decision.Repeat;
import dev.hearth.scheduler.placement.Decision.Retire;
import dev.hearth.scheduler.placement.Decision.Stop;
import dev.hearth.scheduler.placement.Decision.StopStray;
import dev.hearth.scheduler.placement.Decision.Withdraw;
import dev.hearth.scheduler.placement.PlacementStore.Program;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Turns decisions into the events that other services receive. */
final class Announcements {

  private final Function<Set<UUID>, Map<UUID, Program>> programs;

  /** Reads the artifacts and settings of revisions through {@code programs}. */
  Announcements(Function<Set<UUID>, Map<UUID, Program>> programs) {
    this.programs = programs;
  }

  /** Returns the events that announce decisions; some decisions change only tables. */
  List<HearthEvent> of(List<Decision> decisions, Instant at) {
    var needed =
        decisions.stream()
            .flatMap(decision -> program(decision).stream())
            .collect(Collectors.toSet());
    var found = programs.apply(needed);
    return decisions.stream().flatMap(decision -> event(decision, at, found).stream()).toList();
  }

  /** Returns the revision whose program is announced with a decision. */
  private static Optional<UUID> program(Decision decision) {
    return switch (decision) {
      case Assign(var ref, _, _) -> Optional.of(ref.id());
      case Repeat(var ref, _, _) -> Optional.of(ref.id());
      case PublishRoute publish -> Optional.of(publish.revision().id());
      case NoteNode _,
          NoteGateway _,
          Accept _,
          MarkReady _,
          Withdraw _,
          Stop _,
          StopStray _,
          Drop _,
          Promote _,
          Release _,
          Retire _,
          Fail _,
          Postpone _ ->
          Optional.empty();
    };
  }

  private static Optional<HearthEvent> event(
      Decision decision, Instant at, Map<UUID, Program> programs) {
    return switch (decision) {
      case Assign(var ref, var id, var node) -> Optional.of(start(ref, id, node, at, programs));
      case Repeat(var ref, var id, var node) -> Optional.of(start(ref, id, node, at, programs));
      case Stop(_, var id, var node) -> Optional.of(new StopPlacement(node, id, at));
      case StopStray(var id, var node) -> Optional.of(new StopPlacement(node, id, at));
      case PublishRoute publish -> Optional.of(route(publish, at, programs));
      case Release(var ref, var timings) -> Optional.of(new RevisionReleased(ref, at, timings));
      case Fail(var ref, var reason) ->
          Optional.of(new RevisionFailed(ref, at, ErrorCode.START_FAILED, reason));
      case NoteNode _,
          NoteGateway _,
          Accept _,
          MarkReady _,
          Withdraw _,
          Drop _,
          Promote _,
          Retire _,
          Postpone _ ->
          Optional.empty();
    };
  }

  private static StartPlacement start(
      RevisionRef ref, UUID id, NodeRef node, Instant at, Map<UUID, Program> programs) {
    var program = Objects.requireNonNull(programs.get(ref.id()));
    return new StartPlacement(node, id, ref, at, program.artifact(), program.settings());
  }

  private static RoutePublished route(
      PublishRoute publish, Instant at, Map<UUID, Program> programs) {
    var settings = Objects.requireNonNull(programs.get(publish.revision().id())).settings();
    return new RoutePublished(
        publish.revision(),
        at,
        publish.targets(),
        settings.convention(),
        settings.timeout(),
        publish.timings(),
        publish.generation());
  }
}
