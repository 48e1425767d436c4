package dev.hearth.executor.instance;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.PlacementCommand.StartInstance;
import dev.hearth.executor.host.HostProcess;
import dev.hearth.executor.instance.InstanceSupervisor.InstanceTools;
import dev.hearth.executor.instance.LifeStarter.Attempt.Entered;
import dev.hearth.executor.instance.LifeStarter.Attempt.Refused;
import dev.hearth.kit.events.EventText;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance over all its lives: when its interpreter had to be ended, or its host died, it is
 * made anew and the calls that wait go on. As many calls run at a time as its settings say.
 *
 * <p>The lock guards {@code life}, {@code running}, {@code waiting} and {@code ended}. A life is
 * what runs in one host; a report about an earlier life is ignored.
 */
public final class KeptInstance {

  private static final Logger log = LoggerFactory.getLogger(KeptInstance.class);

  private final StartInstance command;
  private final InstanceTools tools;
  private final LifeStarter starter;
  private final Runnable forget;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private @Nullable Life life;
  private int running;
  private int waiting;
  private boolean ended;

  KeptInstance(StartInstance command, InstanceTools tools, Runnable forget) {
    this.command = command;
    this.tools = tools;
    this.starter = new LifeStarter(command, tools);
    this.forget = forget;
  }

  public RevisionRef revision() {
    return command.revision();
  }

  public Duration timeout() {
    return command.settings().timeout();
  }

  void begin() {
    startInBackground(this::announce);
  }

  private void startInBackground(Consumer<Life> afterwards) {
    Thread.ofVirtual().name("start-" + command.revision()).start(() -> start(afterwards));
  }

  private void start(Consumer<Life> afterwards) {
    try {
      switch (starter.start()) {
        case Entered(var entered) -> {
          enter(entered);
          afterwards.accept(entered);
          log.atInfo()
              .addKeyValue("revision", command.revision())
              .addKeyValue("start", entered.started().start())
              .addKeyValue("took", entered.warm())
              .log("instance ready");
        }
        case Refused(var reason) -> giveUp(reason);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      // The store or the broker, most likely. The scheduler repeats its command while we do not
      // have the instance.
      log.atError()
          .setCause(failed)
          .addKeyValue("revision", command.revision())
          .log("instance not started, will be tried again");
      forget.run();
      end();
    }
  }

  private void announce(Life first) {
    var timings =
        Timings.none()
            .with("place", Duration.between(command.occurredAt(), first.fetchedAt()))
            .with("warm", first.warm());
    tools
        .publisher()
        .publish(
            new InstanceReady(
                tools.node().ref(),
                command.instance(),
                command.revision(),
                tools.clock().instant(),
                timings,
                first.started().lateModules()));
  }

  private void giveUp(String reason) {
    forget.run();
    end();
    tools
        .publisher()
        .publish(
            new InstanceFailed(
                tools.node().ref(),
                command.instance(),
                command.revision(),
                tools.clock().instant(),
                EventText.limited(reason)));
    log.atInfo().addKeyValue("revision", command.revision()).log("instance failed");
  }

  private void enter(Life entered) {
    lock.lock();
    try {
      if (ended) {
        entered.host().stop(entered.name());
        return;
      }
      life = entered;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    entered.host().onEnding(() -> lost(entered));
  }

  /** A life ended that should not have: the next one is started, unless somebody has begun that. */
  private void lost(Life which) {
    lock.lock();
    try {
      if (life != which || ended) {
        return;
      }
      life = null;
    } finally {
      lock.unlock();
    }
    which.host().forget(which.name());
    startInBackground(_ -> {});
  }

  /**
   * Waits for a turn.
   *
   * @return the right to make one call, or nothing when the time is up or the instance has ended
   */
  public Optional<Lease> acquire(Duration patience) throws InterruptedException {
    var begun = System.nanoTime();
    var left = patience.toNanos();
    var waitedForStart = 0L;
    lock.lock();
    try {
      var current = life;
      waiting++;
      while (!ended && (current == null || running >= concurrency(current))) {
        if (left <= 0) {
          return Optional.empty();
        }
        var before = System.nanoTime();
        var starting = current == null;
        left = changed.awaitNanos(left);
        waitedForStart += starting ? System.nanoTime() - before : 0;
        current = life;
      }
      if (ended || current == null) {
        return Optional.empty();
      }
      running++;
      return Optional.of(
          new Lease(current, System.nanoTime() - begun - waitedForStart, waitedForStart));
    } finally {
      waiting--;
      changed.signalAll();
      lock.unlock();
    }
  }

  private int concurrency(Life current) {
    return command.settings().concurrency().orElse(current.started().convention().concurrency());
  }

  /** Ends the instance after the calls that run or wait, at most as long as one call may take. */
  void end() {
    @Nullable Life last;
    lock.lock();
    try {
      for (long left = timeout().toNanos();
          life != null && (running > 0 || waiting > 0) && left > 0; ) {
        left = changed.awaitNanos(left);
      }
      ended = true;
      changed.signalAll();
      last = life;
      life = null;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return;
    } finally {
      lock.unlock();
    }
    if (last != null) {
      last.host().stop(last.name());
    }
    starter.end();
  }

  /** The right to make one call. Must be released, or reported lost. */
  public final class Lease {

    private final Life held;
    private final long queueNanos;
    private final long startNanos;

    private final AtomicBoolean settled = new AtomicBoolean();

    private Lease(Life held, long queueNanos, long startNanos) {
      this.held = held;
      this.queueNanos = queueNanos;
      this.startNanos = startNanos;
    }

    public HostProcess host() {
      return held.host();
    }

    /** What the host calls the instance. */
    public String hostInstance() {
      return held.name();
    }

    /** {@code warm}, or how the life that this call waited for was started. */
    public String start() {
      return startNanos == 0 ? "warm" : held.started().start();
    }

    public Duration queued() {
      return Duration.ofNanos(queueNanos);
    }

    public Duration started() {
      return Duration.ofNanos(startNanos);
    }

    /** Gives the turn to the next one. Only the first of these three counts. */
    public void release() {
      if (settled.compareAndSet(false, true)) {
        giveTurn();
      }
    }

    private void giveTurn() {
      lock.lock();
      try {
        running--;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** The whole host is gone or must go: nothing is started in it any more. */
    public void hostLost() {
      if (settled.compareAndSet(false, true)) {
        tools.hosts().discard(held.host());
        KeptInstance.this.lost(held);
        giveTurn();
      }
    }

    /** The call ended the interpreter: it is made anew, and the lease is released. */
    public void lost() {
      if (settled.compareAndSet(false, true)) {
        KeptInstance.this.lost(held);
        giveTurn();
      }
    }
  }
}
