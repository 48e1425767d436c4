package dev.hearth.executor.instance;

import dev.hearth.contracts.RevisionRef;
import dev.hearth.contracts.Timings;
import dev.hearth.contracts.events.InstanceEvent.InstanceFailed;
import dev.hearth.contracts.events.InstanceEvent.InstanceReady;
import dev.hearth.contracts.events.PlacementCommand.StartInstance;
import dev.hearth.contracts.host.InstanceFailure;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.executor.host.HostProcess;
import dev.hearth.executor.host.HostProcess.StartResult.Failed;
import dev.hearth.executor.host.HostProcess.StartResult.HostLost;
import dev.hearth.executor.host.HostProcess.StartResult.Started;
import dev.hearth.executor.instance.InstanceSupervisor.InstanceTools;
import dev.hearth.kit.events.EventText;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance over all its lives: when its interpreter had to be ended, or its host died, it is
 * made anew and the calls that wait go on. One call runs at a time.
 *
 * <p>The lock guards {@code life}, {@code busy}, {@code waiting} and {@code ended}. A life is what
 * runs in one host; a report about an earlier life is ignored.
 */
public final class KeptInstance {

  private static final Logger log = LoggerFactory.getLogger(KeptInstance.class);
  private static final int HOSTS_TRIED = 3;

  /** The instance in one host. */
  private record Life(HostProcess host, String hostInstance, InstanceStarted started) {}

  private final StartInstance command;
  private final InstanceTools tools;
  private final Runnable forget;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition changed = lock.newCondition();
  private @Nullable Life life;
  private boolean busy;
  private int waiting;
  private boolean ended;
  private int lives;

  KeptInstance(StartInstance command, InstanceTools tools, Runnable forget) {
    this.command = command;
    this.tools = tools;
    this.forget = forget;
  }

  public RevisionRef revision() {
    return command.revision();
  }

  public Duration timeout() {
    return command.settings().timeout();
  }

  void begin() {
    Thread.ofVirtual().name("start-" + command.revision()).start(this::startFirstLife);
  }

  private void startFirstLife() {
    var begun = System.nanoTime();
    try {
      var path = artifactPath();
      var fetched = System.nanoTime();
      switch (startLife(path)) {
        case Started(var started) -> {
          var timings =
              Timings.none()
                  .with(
                      "place",
                      Duration.between(command.occurredAt(), tools.clock().instant())
                          .minusNanos(System.nanoTime() - fetched))
                  .with("warm", Duration.ofNanos(System.nanoTime() - fetched));
          tools.publisher().publish(ready(timings));
          log.atInfo()
              .addKeyValue("revision", command.revision())
              .addKeyValue("start", started.start())
              .addKeyValue("tookMs", (System.nanoTime() - begun) / 1_000_000)
              .log("instance ready");
        }
        case Failed(var failure) -> giveUp(reason(failure));
        case HostLost(var reason) -> giveUp("No host process could start it: " + reason);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      log.atError()
          .setCause(failed)
          .addKeyValue("revision", command.revision())
          .log("instance not started");
      giveUp("The node could not start it: " + failed.getMessage());
    }
  }

  private InstanceReady ready(Timings timings) {
    return new InstanceReady(
        tools.node().ref(),
        command.instance(),
        command.revision(),
        tools.clock().instant(),
        timings);
  }

  private static String reason(InstanceFailure failure) {
    return failure.traceback().isEmpty() ? failure.message() : failure.traceback().strip();
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

  private List<String> artifactPath() {
    var artifacts = tools.artifacts();
    var folder =
        command.settings().nativeModules()
            ? artifacts.privateCopy(command.artifact(), command.instance())
            : artifacts.unpacked(command.artifact());
    return List.of(
        folder.resolve("app/src").toString(),
        folder.resolve("app").toString(),
        folder.resolve("packages").toString());
  }

  /** Starts in the tenant's host, or in the next one when that died under it. */
  private HostProcess.StartResult startLife(List<String> path) throws InterruptedException {
    try (var _ = tools.stems().yieldToStart()) {
      return startInSomeHost(path);
    }
  }

  private HostProcess.StartResult startInSomeHost(List<String> path) throws InterruptedException {
    HostProcess.StartResult result = new HostLost("none was tried");
    for (int tried = 0; tried < HOSTS_TRIED && result instanceof HostLost; tried++) {
      var host =
          tools
              .hosts()
              .of(command.revision().function().tenant(), command.settings().nativeModules());
      var hostInstance = command.instance() + "-" + nextLife();
      tools.output().attribute(hostInstance, command.revision().id());
      result = host.start(specification(hostInstance, path));
      if (result instanceof Started(var started)) {
        enter(new Life(host, hostInstance, started));
      } else if (result instanceof HostLost) {
        tools.hosts().discard(host);
      }
    }
    return result;
  }

  private InstanceSpec specification(String hostInstance, List<String> path) {
    return new InstanceSpec(
        hostInstance,
        command.revision().function().function(),
        command.revision().number(),
        path,
        tools.artifacts().workspace(command.instance()).toString(),
        command.settings());
  }

  private int nextLife() {
    lock.lock();
    try {
      return ++lives;
    } finally {
      lock.unlock();
    }
  }

  private void enter(Life entered) {
    lock.lock();
    try {
      if (ended) {
        entered.host().stop(entered.hostInstance());
        return;
      }
      life = entered;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    entered.host().onExit(() -> lost(entered));
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
    Thread.ofVirtual().name("restart-" + command.revision()).start(this::startNextLife);
  }

  private void startNextLife() {
    try {
      switch (startLife(artifactPath())) {
        case Started _ ->
            log.atInfo().addKeyValue("revision", command.revision()).log("instance ready again");
        case Failed(var failure) -> giveUp(reason(failure));
        case HostLost(var reason) -> giveUp("No host process could start it: " + reason);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      log.atError()
          .setCause(failed)
          .addKeyValue("revision", command.revision())
          .log("instance not restarted");
      giveUp("The node could not start it: " + failed.getMessage());
    }
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
      while (!ended && (busy || current == null)) {
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
      busy = true;
      return Optional.of(
          new Lease(current, System.nanoTime() - begun - waitedForStart, waitedForStart));
    } finally {
      waiting--;
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Ends the instance after the calls that run or wait, at most as long as one call may take. */
  void end() {
    @Nullable Life last;
    lock.lock();
    try {
      for (long left = timeout().toNanos(); life != null && (busy || waiting > 0) && left > 0; ) {
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
      last.host().stop(last.hostInstance());
    }
    tools.artifacts().discard(command.instance());
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
      return held.hostInstance();
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
        busy = false;
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
