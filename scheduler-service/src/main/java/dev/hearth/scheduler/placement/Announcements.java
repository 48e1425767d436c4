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
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Turns decisions into the events that other services receive. */
final class Announcements {

  private final Function<UUID, Program> programs;

  /** Reads each revision's artifact and settings through {@code programs}. */
  Announcements(Function<UUID, Program> programs) {
    this.programs = programs;
  }

  /** Returns the event that announces a decision; empty if the decision changes only tables. */
  Optional<HearthEvent> of(Decision decision, Instant at) {
    return switch (decision) {
      case Assign(var ref, var id, var node) -> Optional.of(start(ref, id, node, at));
      case Repeat(var ref, var id, var node) -> Optional.of(start(ref, id, node, at));
      case Stop(_, var id, var node) -> Optional.of(new StopPlacement(node, id, at));
      case StopStray(var id, var node) -> Optional.of(new StopPlacement(node, id, at));
      case PublishRoute publish -> Optional.of(route(publish, at));
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

  private StartPlacement start(RevisionRef ref, UUID id, NodeRef node, Instant at) {
    var program = programs.apply(ref.id());
    return new StartPlacement(node, id, ref, at, program.artifact(), program.settings());
  }

  private RoutePublished route(PublishRoute publish, Instant at) {
    var settings = programs.apply(publish.revision().id()).settings();
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
