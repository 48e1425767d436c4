package dev.hearth.scheduler.placement;

import dev.hearth.contracts.FunctionKey;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.kit.events.Outbox;
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
import dev.hearth.scheduler.placement.Event.ArtifactStored;
import dev.hearth.scheduler.placement.Event.GatewayHeard;
import dev.hearth.scheduler.placement.Event.NodeHeard;
import dev.hearth.scheduler.placement.Event.PlacementFailed;
import dev.hearth.scheduler.placement.Event.PlacementReady;
import dev.hearth.scheduler.placement.Event.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The shell around {@link Planner}: in one transaction it reads the state, asks the planner, writes
 * the tables, and appends the messages to the outbox. Of all scheduler services, one decides at a
 * time.
 */
@Component
class Scheduler {

  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);

  /** Silence after which a gateway is removed. */
  private static final Duration FORGET_GATEWAY_AFTER = Duration.ofHours(1);

  private final ClusterReader reader;
  private final PlacementStore store;
  private final GatewayStore gateways;
  private final Outbox outbox;
  private final TransactionTemplate transaction;
  private final Planner planner;
  private final Announcements announcements;
  private final Attention attention;

  Scheduler(
      ClusterReader reader,
      PlacementStore store,
      GatewayStore gateways,
      Outbox outbox,
      TransactionTemplate transaction,
      PlacementSettings settings) {
    this.reader = reader;
    this.store = store;
    this.gateways = gateways;
    this.outbox = outbox;
    this.transaction = transaction;
    this.planner = new Planner(settings, UUID::randomUUID);
    this.announcements = new Announcements(store::programs);
    this.attention = new Attention(settings.deafAfter());
  }

  /**
   * Handles a received event.
   *
   * @param event makes the planner's event from the time at which it is handled
   */
  void handle(Function<Instant, Event> event) {
    transaction.executeWithoutResult(_ -> {
      store.lock();
      var now = reader.now();
      attention.hear(now);
      decide(event.apply(now));
    });
  }

  /** Notices nodes and gateways that have fallen silent. */
  @Scheduled(fixedDelay = 1_000)
  void tick() {
    try {
      transaction.executeWithoutResult(_ -> {
        store.lock();
        var now = reader.now();
        decide(new Tick(now));
        gateways.forget(now.minus(FORGET_GATEWAY_AFTER));
      });
    } catch (RuntimeException failed) {
      // A timer that throws is never called again.
      log.atWarn()
          .addKeyValue("cause", failed.toString())
          .log("check for silent nodes failed, trying again");
    }
  }

  private void decide(Event event) {
    var decisions = planner.decide(state(event), event);
    store.apply(decisions, event.at());
    outbox.append(announcements.of(decisions, event.at()));
    decisions.forEach(Scheduler::tell);
  }

  private ClusterState state(Event event) {
    var since = attention.since(event.at());
    return switch (event) {
      case ArtifactStored(_, var revision, _, _) -> around(since, revision);
      case PlacementReady(_, _, var revision, _) -> around(since, revision);
      case PlacementFailed(_, _, var revision, _) -> around(since, revision);
      case GatewayHeard heard -> reader.some(since, heard.generations().keySet(), Optional.empty());
      case NodeHeard _, Tick _ -> reader.all(since);
    };
  }

  private ClusterState around(Instant since, RevisionRef revision) {
    Set<FunctionKey> functions = Set.of(revision.function());
    return reader.some(since, functions, Optional.of(revision.id()));
  }

  private static void tell(Decision decision) {
    switch (decision) {
      case Assign(var revision, _, var node) ->
          log.atInfo()
              .addKeyValue("revision", revision)
              .addKeyValue("node", node.name())
              .log("placement assigned");
      case Release(var revision, _) ->
          log.atInfo().addKeyValue("revision", revision).log("revision released");
      case Fail(var revision, _) ->
          log.atInfo().addKeyValue("revision", revision).log("revision failed");
      case Retire(var revision, _) ->
          log.atInfo().addKeyValue("revision", revision).log("revision retired");
      case NoteNode _,
          NoteGateway _,
          Accept _,
          Repeat _,
          MarkReady _,
          Withdraw _,
          Stop _,
          StopStray _,
          Drop _,
          PublishRoute _,
          Promote _,
          Postpone _ -> {}
    }
  }
}
