package dev.hearth.executor.pool;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.PlacementCommand.StartPlacement;
import dev.hearth.executor.pool.InstanceStarter.Attempt;
import dev.hearth.executor.pool.InstanceStarter.Attempt.Entered;
import dev.hearth.executor.pool.InstanceStarter.Attempt.NoRoom;
import dev.hearth.executor.pool.InstanceStarter.Attempt.Refused;
import dev.hearth.executor.pool.Placements.PoolTools;
import dev.hearth.kit.events.EventText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node keeps of one revision: interpreters that answer its calls. One that had to be ended,
 * or whose host died, is made anew and the calls that wait go on. Where calls wait for long there
 * are more of them; where others need the room there may be none until the next call.
 */
public final class InstancePool {

  private static final Logger log = LoggerFactory.getLogger(InstancePool.class);

  private static final Duration START = Duration.ofSeconds(30);

  private final StartPlacement command;
  private final PoolTools tools;
  private final InstanceStarter starter;
  private final Runnable forget;
  private final Instances lives;
  private volatile boolean isRetired;

  InstancePool(StartPlacement command, PoolTools tools, Runnable forget) {
    this.command = command;
    this.tools = tools;
    this.starter = new InstanceStarter(command, tools);
    this.forget = forget;
    var settings = command.settings();
    this.lives =
        new Instances(
            settings.scaling().orElse(Scaling.DEFAULT),
            life -> settings.concurrency().orElse(life.started().convention().concurrency()),
            () -> Thread.ofVirtual().name("start-" + command.revision()).start(this::start));
  }

  public RevisionRef revision() {
    return command.revision();
  }

  public Duration timeout() {
    return command.settings().timeout();
  }

  /** How long a call waits: as long as the one before it may take, and for a start after that. */
  public Duration patience() {
    return timeout().plus(START);
  }

  void begin() {
    lives.begin();
  }

  private void start() {
    Attempt attempt;
    try {
      attempt = starter.start();
    } catch (InterruptedException _) {
      lives.giveUpStart();
      Thread.currentThread().interrupt();
      return;
    } catch (RuntimeException failed) {
      if (lives.giveUpStart()) {
        log.atWarn()
            .addKeyValue("revision", command.revision())
            .addKeyValue("cause", failed.toString())
            .log("no further instance");
      } else {
        tryAgain(failed);
      }
      return;
    }
    switch (attempt) {
      case Entered(var life) -> enter(life);
      case Refused(var reason) -> refused(lives.giveUpStart(), reason);
      case NoRoom(var reason) -> {
        lives.giveUpStart();
        // One that served before waits for a later call, which tries again.
        refused(lives.isServing(), reason);
      }
    }
  }

  /**
   * The store or the broker failed, most likely. The scheduler repeats its command while we do not
   * have the instance.
   */
  private void tryAgain(RuntimeException failed) {
    log.atError()
        .setCause(failed)
        .addKeyValue("revision", command.revision())
        .log("instance not started, will be tried again");
    giveUp();
  }

  private void enter(Instance life) {
    var isFirst = lives.enter(life);
    life.host().onEnding(() -> lives.lose(life));
    log.atInfo()
        .addKeyValue("revision", command.revision())
        .addKeyValue("host", life.host().name())
        .addKeyValue("start", life.started().start())
        .addKeyValue("took", life.warm())
        .addKeyValue("importMs", life.started().importMilliseconds())
        .addKeyValue("probeMs", life.started().probeMilliseconds())
        .log("instance ready");
    if (isFirst) {
      try {
        announce(life);
      } catch (RuntimeException failed) {
        tryAgain(failed);
      }
    }
  }

  private void announce(Instance first) {
    var timings =
        Timings.none()
            .with("place", Duration.between(command.occurredAt(), first.fetchedAt()))
            .with("warm", first.warm());
    tools
        .publisher()
        .publish(
            new InstanceReady(
                tools.node().ref(),
                command.placement(),
                command.revision(),
                tools.clock().instant(),
                timings,
                first.started().lateModules()));
  }

  private void refused(boolean isKept, String reason) {
    log.atInfo()
        .addKeyValue("revision", command.revision())
        .addKeyValue("kept", isKept)
        .log("instance failed");
    if (isKept) {
      starter.tell("an instance did not start: " + EventText.limited(reason));
      return;
    }
    giveUp();
    tools
        .publisher()
        .publish(
            new InstanceFailed(
                tools.node().ref(),
                command.placement(),
                command.revision(),
                tools.clock().instant(),
                EventText.limited(reason)));
  }

  private void giveUp() {
    forget.run();
    end();
  }

  /**
   * Waits for a turn.
   *
   * @return the right to make one call, or nothing when the time is up or the instance has ended
   */
  public Optional<Permit> acquire(Duration patience) throws InterruptedException {
    return lives.acquire(patience).map(turn -> new Permit(lives, turn, tools.hosts()));
  }

  /** As {@link #acquire(Duration)}, where nothing must be waited for. */
  public Optional<Permit> acquireNow() {
    return lives.acquireNow().map(turn -> new Permit(lives, turn, tools.hosts()));
  }

  /** It will end soon; calls may still come. */
  void retire() {
    isRetired = true;
  }

  /** Lets go what is not needed any more, and replaces what is in hosts that are to end. */
  void tend() {
    if (!isRetired) {
      lives.tend();
    }
  }

  /** What is here, and which of it could be evicted. */
  List<EvictionCandidate> spare() {
    return lives.spare();
  }

  /** Ends the instance after the calls that run or wait, at most as long as one call may take. */
  void end() {
    try {
      lives.end(timeout());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    }
    starter.end();
  }
}
