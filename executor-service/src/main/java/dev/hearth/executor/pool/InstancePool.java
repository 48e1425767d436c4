package dev.hearth.executor.pool;

import dev.hearth.contracts.OnDisconnect;
import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.HearthEvent;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.executor.node.Ticker;
import dev.hearth.executor.pool.InstanceSource.Outcome.NoRoom;
import dev.hearth.executor.pool.InstanceSource.Outcome.Refused;
import dev.hearth.executor.pool.InstanceSource.Outcome.Started;
import dev.hearth.kit.events.EventText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances of one placement, and the calls that wait for them. An instance that ended with a
 * call or with its host is replaced, while calls keep waiting. The pool grows while calls wait for
 * long. Eviction may empty it until the next call.
 */
public final class InstancePool {

  private static final Logger log = LoggerFactory.getLogger(InstancePool.class);

  private final StartPlacement command;
  private final InstanceSource source;
  private final Surroundings surroundings;
  private final Runnable forget;
  private final Instances instances;
  private final CompletableFuture<Void> firstStart = new CompletableFuture<>();
  private volatile Instant lastCall;
  private volatile Duration lastStart;

  /** The settings, clocks and publisher that a pool gets from its node. */
  public record Surroundings(
      PoolSettings settings, Ticker ticker, InstantSource clock, Consumer<HearthEvent> publisher) {}

  /**
   * Creates a pool without instances.
   *
   * @param before the use of the revision in an earlier run of the node
   * @param forget removes the pool from the node
   */
  public InstancePool(
      StartPlacement command,
      InstanceSource source,
      Surroundings surroundings,
      Optional<Usage> before,
      Runnable forget) {
    this.command = command;
    this.source = source;
    this.surroundings = surroundings;
    this.forget = forget;
    this.lastCall = before.map(Usage::lastCall).orElse(command.occurredAt());
    this.lastStart = before.map(Usage::start).orElse(Duration.ZERO);
    var settings = command.settings();
    this.instances =
        new Instances(
            settings.scaling().orElse(Scaling.DEFAULT),
            surroundings.settings(),
            surroundings.ticker(),
            new Instances.Work(
                ready -> settings.concurrency().orElse(ready.started().convention().concurrency()),
                starting ->
                    Thread.ofVirtual()
                        .name("start-" + command.revision())
                        .start(() -> start(starting)),
                source::discard));
  }

  public RevisionRef revision() {
    return command.revision();
  }

  public Duration timeout() {
    return command.settings().timeout();
  }

  /** Returns what happens to a call whose client leaves early. */
  public OnDisconnect onDisconnect() {
    return command.settings().onDisconnect().orElse(OnDisconnect.FINISH);
  }

  /** Returns the longest wait of a call, for the call before it and for a start. */
  public Duration patience() {
    return timeout().plus(surroundings.settings().startPatience());
  }

  public PoolState state() {
    return instances.state();
  }

  /** Returns when a call last asked for an instance, and how long the last start took. */
  public Usage usage() {
    return new Usage(lastCall, lastStart);
  }

  /** Returns true if the pool keeps a minimum of instances even when memory is short. */
  public boolean isKept() {
    return command.settings().scaling().orElse(Scaling.DEFAULT).minInstances() > 0;
  }

  /** Starts the first instance, unless a call has done so. */
  public void begin() {
    instances.begin();
  }

  /** Completes when the first start has succeeded or failed. */
  public CompletableFuture<Void> firstStart() {
    return firstStart.copy();
  }

  private void start(Instance starting) {
    try {
      switch (source.start()) {
        case Started(var ready) -> enter(starting, ready);
        case Refused(var reason) -> refused(instances.failed(starting, reason), reason);
        case NoRoom(var reason) -> {
          instances.failed(starting, reason);
          // A pool that has served waits for a later call, which tries again.
          refused(instances.isServing(), reason);
        }
      }
    } catch (InterruptedException _) {
      instances.failed(starting, "The node is stopping.");
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      // Top of a start's thread: callers that wait must hear of any failure.
      failed(starting, failed);
    } finally {
      firstStart.complete(null);
    }
  }

  private void failed(Instance starting, RuntimeException failed) {
    if (instances.failed(starting, "The node could not prepare the start: " + failed)) {
      log.atWarn()
          .addKeyValue("revision", command.revision())
          .addKeyValue("cause", failed.toString())
          .log("further instance not started");
    } else {
      giveUp(failed);
    }
  }

  /**
   * Gives the placement up after a failure of the platform, most likely of the store or the broker.
   * The scheduler repeats its command while this node does not have the placement.
   */
  private void giveUp(RuntimeException failed) {
    log.atError()
        .setCause(failed)
        .addKeyValue("revision", command.revision())
        .log("instance not started, trying again");
    forgetAndEnd();
  }

  private void enter(Instance starting, ReadyInstance ready) {
    lastStart = ready.warm();
    var isFirst = instances.ready(starting, ready);
    ready.host().onEnding(() -> instances.lose(starting));
    log.atInfo()
        .addKeyValue("revision", command.revision())
        .addKeyValue("host", ready.host().name())
        .addKeyValue("start", ready.started().start())
        .addKeyValue("took", ready.warm())
        .addKeyValue("importMs", ready.started().importMilliseconds())
        .addKeyValue("probeMs", ready.started().probeMilliseconds())
        .log("instance ready");
    if (isFirst) {
      try {
        announce(ready);
      } catch (RuntimeException failed) {
        // The broker refuses with many types; each of them gives the placement up.
        giveUp(failed);
      }
    }
  }

  private void announce(ReadyInstance first) {
    var timings =
        Timings.none()
            .with("place", Duration.between(command.occurredAt(), first.fetchedAt()))
            .with("warm", first.warm());
    surroundings
        .publisher()
        .accept(
            new InstanceReady(
                command.node(),
                command.placement(),
                command.revision(),
                surroundings.clock().instant(),
                timings,
                first.started().lateModules()));
  }

  private void refused(boolean staysHere, String reason) {
    log.atInfo()
        .addKeyValue("revision", command.revision())
        .addKeyValue("placementStays", staysHere)
        .log("instance failed");
    if (staysHere) {
      source.tell("an instance did not start: " + EventText.limited(reason));
      return;
    }
    forgetAndEnd();
    surroundings
        .publisher()
        .accept(
            new InstanceFailed(
                command.node(),
                command.placement(),
                command.revision(),
                surroundings.clock().instant(),
                EventText.limited(reason)));
  }

  private void forgetAndEnd() {
    forget.run();
    end();
  }

  /** Waits for an instance, at most for the patience. */
  public Acquisition acquire(Duration patience) throws InterruptedException {
    lastCall = surroundings.clock().instant();
    return instances.acquire(patience);
  }

  /** Takes an instance if one is free; never waits. */
  public Optional<Permit> acquireNow() {
    var permit = instances.acquireNow();
    if (permit.isPresent()) {
      lastCall = surroundings.clock().instant();
    }
    return permit;
  }

  /** Prepares the end: still serves calls, but replaces no instances from now on. */
  public void retire() {
    instances.retire();
  }

  /** Ends idle instances and replaces those in leaving hosts. */
  public void tend() {
    instances.tend();
  }

  /** Returns the ready instances with the cost of their eviction. */
  public List<EvictionCandidate> candidates() {
    return instances.candidates();
  }

  /** Ends the placement after running and waiting calls, at most after the limit of one call. */
  public void end() {
    try {
      instances.end(timeout());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      firstStart.complete(null);
      source.end();
    }
  }
}
