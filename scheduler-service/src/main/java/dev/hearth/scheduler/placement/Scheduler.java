package dev.hearth.scheduler.placement;

import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.ArtifactEvent.ArtifactPublished;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.NodeEvent.NodeHeartbeat;
import dev.hearth.contracts.events.NodeRef;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.contracts.events.PlacementCommand.StopPlacement;
import dev.hearth.contracts.events.RouteEvent.RoutePublished;
import dev.hearth.contracts.events.RouteEvent.Target;
import dev.hearth.kit.events.Outbox;
import dev.hearth.scheduler.placement.PlacedRevision.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Keeps one instance of each function's newest good revision.
 *
 * <p>The tables say what is wanted; heartbeats say what is. Every heartbeat compares the two for
 * its node and repeats what is missing, so a lost command, a restarted node and a dead node need no
 * protocol of their own. A new revision is warmed beside the old one, and the route moves only when
 * it is ready; then the old one is retired. Commands and routes leave by the outbox with the rows
 * they follow from.
 */
@Component
class Scheduler {

  private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
  private static final Duration LIVE_WITHIN = Duration.ofSeconds(10);
  private static final Duration DEAD_AFTER = Duration.ofSeconds(15);

  /** A start that failed is not repeated at once. */
  private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(30);

  /** Revisions that served calls and then would not start. */
  private final Map<UUID, Instant> notBefore = new ConcurrentHashMap<>();

  private final PlacementStore store;
  private final Outbox outbox;
  private final InstantSource clock;

  Scheduler(PlacementStore store, Outbox outbox, InstantSource clock) {
    this.store = store;
    this.outbox = outbox;
    this.clock = clock;
  }

  /** A new artifact is warmed, unless a newer revision was faster. */
  @Transactional
  public void published(ArtifactPublished event) {
    store.lock();
    var overtaken =
        store.wanted(event.revision().function()).stream()
            .anyMatch(known ->
                known.state() == State.ROUTED && known.ref().number() > event.revision().number());
    var state = overtaken ? State.RETIRED : State.WARMING;
    if (store.add(event.revision(), event.artifact(), event.settings(), state) && !overtaken) {
      store.revision(event.revision().id()).ifPresent(this::place);
    }
  }

  private void placeWhatMay() {
    var now = clock.instant();
    notBefore.values().removeIf(then -> !then.isAfter(now));
    store.unplaced().stream()
        .filter(revision -> !notBefore.containsKey(revision.ref().id()))
        .forEach(this::place);
  }

  private void place(PlacedRevision revision) {
    var nodes = store.liveNodes(LIVE_WITHIN);
    Rendezvous.choose(revision.ref().function().toString(), nodes.keySet())
        .ifPresent(name -> {
          var run = nodes.get(name);
          if (run != null) {
            start(revision, UUID.randomUUID(), new NodeRef(name, run));
          }
        });
  }

  private void start(PlacedRevision revision, UUID placement, NodeRef node) {
    store.addPlacement(placement, revision.ref().id(), node);
    command(revision, placement, node);
    log.atInfo()
        .addKeyValue("revision", revision.ref())
        .addKeyValue("node", node.name())
        .log("instance placed");
  }

  private void command(PlacedRevision revision, UUID placement, NodeRef node) {
    outbox.append(
        new StartPlacement(
            node,
            placement,
            revision.ref(),
            clock.instant(),
            revision.artifact(),
            revision.settings()));
  }

  /** Brings a node from what it has to what it should have. */
  @Transactional
  public void heard(NodeHeartbeat beat) {
    store.lock();
    store.seen(beat.node(), beat.url());
    var kept = new HashSet<>(beat.placements());
    for (var placement : store.placementsOn(beat.node().name())) {
      if (!placement.node().equals(beat.node())) {
        lose(placement);
      } else if (!kept.remove(placement.id())) {
        store
            .revision(placement.revisionId())
            .ifPresent(revision -> command(revision, placement.id(), beat.node()));
      }
    }
    for (var stray : kept) {
      outbox.append(new StopPlacement(beat.node(), stray, clock.instant()));
    }
    placeWhatMay();
  }

  /** Gives up nodes that have fallen silent. */
  @Scheduled(fixedDelay = 5_000)
  @Transactional
  public void checkNodes() {
    store.lock();
    var lost = store.placementsOnSilentNodes(DEAD_AFTER);
    lost.forEach(this::lose);
    if (!lost.isEmpty()) {
      placeWhatMay();
    }
  }

  /** The instance is gone with its node; calls wait until there is another. */
  private void lose(Placement placement) {
    store.removePlacement(placement.id());
    store
        .revision(placement.revisionId())
        .filter(revision -> revision.state() == State.ROUTED)
        .ifPresent(revision -> route(revision, Timings.none()));
  }

  /** An instance answered its probe: calls may go there, and older revisions may go. */
  @Transactional
  public void ready(InstanceReady event) {
    store.lock();
    if (!store.ready(event.placement())) {
      return;
    }
    notBefore.remove(event.revision().id());
    store
        .revision(event.revision().id())
        .filter(revision -> revision.state() == State.WARMING || revision.state() == State.ROUTED)
        .ifPresent(revision -> {
          if (revision.state() == State.WARMING) {
            store.move(revision.ref().id(), State.WARMING, State.ROUTED);
          }
          route(revision, event.timings());
          retireOlder(revision);
        });
  }

  private void route(PlacedRevision revision, Timings timings) {
    List<Target> targets =
        store.placementsOf(revision.ref().id()).stream()
            .filter(Placement::ready)
            .map(placement -> new Target(placement.id(), store.nodeUrl(placement.node().name())))
            .toList();
    outbox.append(
        new RoutePublished(
            revision.ref(),
            clock.instant(),
            targets,
            revision.settings().convention(),
            revision.settings().timeout(),
            timings,
            0L));
  }

  private void retireOlder(PlacedRevision newest) {
    for (var revision : store.wanted(newest.ref().function())) {
      if (revision.ref().number() < newest.ref().number()) {
        store.move(revision.ref().id(), revision.state(), State.RETIRED);
        for (var placement : store.placementsOf(revision.ref().id())) {
          store.removePlacement(placement.id());
          outbox.append(new StopPlacement(placement.node(), placement.id(), clock.instant()));
        }
        log.atInfo().addKeyValue("revision", revision.ref()).log("revision retired");
      }
    }
  }

  /**
   * The instance would not start. A revision that never did has failed; one that did is tried
   * again.
   */
  @Transactional
  public void failed(InstanceFailed event) {
    store.lock();
    if (!store.removePlacement(event.placement())) {
      return;
    }
    store
        .revision(event.revision().id())
        .ifPresent(revision -> {
          if (revision.state() == State.WARMING) {
            store.move(revision.ref().id(), State.WARMING, State.FAILED);
          } else if (revision.state() == State.ROUTED) {
            notBefore.put(revision.ref().id(), clock.instant().plus(TRY_AGAIN_AFTER));
            route(revision, Timings.none());
          }
        });
  }
}
