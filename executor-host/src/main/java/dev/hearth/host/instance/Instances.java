package dev.hearth.host.instance;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.hearth.contracts.Scaling;
import dev.hearth.contracts.host.InstanceSpec;
import dev.hearth.contracts.host.InstanceStarted;
import dev.hearth.host.interpreter.Interpreters;
import dev.hearth.host.interpreter.StartFailedException;
import dev.hearth.host.isolation.SystemCalls;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

/** The instances of this host by id. Ends the whole process if an instance cannot be stopped. */
public final class Instances {

  /** Exit code of a host that ended itself because an instance could not be stopped. */
  private static final int RUNAWAY = 70;

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration HOOKS_LIMIT = Duration.ofSeconds(10);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

  /**
   * Longer than {@link #STOP_PATIENCE}, because nobody waits for an instance that failed to start.
   */
  private static final Duration FAILED_PATIENCE = Duration.ofSeconds(10);

  /** Time in which other calls' answers are sent before the process ends. */
  private static final Duration ANSWERS = Duration.ofMillis(200);

  /** Delay before the next stem is made, so that a new instance answers its first calls first. */
  private static final Duration REFILL_DELAY = Duration.ofSeconds(1);

  @SuppressWarnings("ThreadPriorityCheck") // Only a hint: calls should come before stems.
  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "stem");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
      });

  private final AtomicBoolean isInSnapshot = new AtomicBoolean();
  private final Map<String, Instance> byId = new ConcurrentHashMap<>();
  private final Interpreters interpreters;

  /** True once this host has had an instance; the monitor guards the field. */
  private boolean isClaimed;

  public Instances(Interpreters interpreters) {
    this.interpreters = interpreters;
  }

  public Optional<Instance> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Starts an instance, and replaces its stem in the background. */
  public Instance start(InstanceSpec spec) throws StartFailedException, InterruptedException {
    var nativeModules = spec.settings().nativeModules();
    claim(nativeModules);
    var taken = interpreters.take(nativeModules);
    try {
      var instance = Instance.start(taken.interpreter(), taken.stem(), spec, START_LIMIT);
      byId.put(spec.id(), instance);
      instance.onFailure(() -> Thread.ofVirtual().start(() -> endOrHalt(stop(spec.id()))));
      instance.wake();
      return instance;
    } catch (StartFailedException failed) {
      Thread.ofVirtual().start(() -> endOrHalt(taken.interpreter().close(FAILED_PATIENCE)));
      throw failed;
    } finally {
      // A host with a heap for one instance needs no further stem.
      if (spec.settings().scaling().flatMap(Scaling::memoryMiB).isEmpty()) {
        var _ =
            background.schedule(() -> refill(nativeModules), REFILL_DELAY.toMillis(), MILLISECONDS);
      }
    }
  }

  /**
   * Restricts the host to the first instance's kind. A tenant's instances with native modules live
   * in one host, its other instances in another.
   */
  private synchronized void claim(boolean nativeModules) {
    if (isClaimed) {
      return;
    }
    isClaimed = true;
    if (!nativeModules) {
      // Only native modules need processes, for patchelf.
      SystemCalls.giveUpProcesses();
    }
    background.execute(() -> interpreters.dropStems(!nativeModules));
  }

  /** Makes the missing stems, except right after a restore, when the first call comes first. */
  private void refill(boolean nativeModules) {
    if (!isInSnapshot.getAndSet(false)) {
      interpreters.refillStems(nativeModules);
    }
  }

  /** Prepares the host's only instance for a snapshot. */
  public InstanceStarted suspend(String id) throws StartFailedException, InterruptedException {
    isInSnapshot.set(true);
    interpreters.dropStems(true);
    interpreters.dropStems(false);
    var instance = known(id);
    instance.suspend(HOOKS_LIMIT);
    return instance.started();
  }

  /** Resumes the instance of a snapshot after a restore. */
  public InstanceStarted resume(String id) throws StartFailedException, InterruptedException {
    return known(id).resume(HOOKS_LIMIT);
  }

  private Instance known(String id) throws StartFailedException {
    return find(id)
        .orElseThrow(() -> new StartFailedException("This host has no instance " + id + ".", ""));
  }

  /**
   * Ends an instance after what its code left for its end; returns false if only {@link #halt} can
   * stop it.
   *
   * @param limit longest time for the code
   */
  public boolean end(String id, Duration limit) {
    var instance = byId.remove(id);
    return instance == null || instance.end(limit, STOP_PATIENCE);
  }

  /** Ends an instance at once; returns false if only {@link #halt} can stop it. */
  public boolean stop(String id) {
    var instance = byId.remove(id);
    return instance == null || instance.close(STOP_PATIENCE);
  }

  /** Ends the process, and with it code that cannot be stopped. */
  public static void halt() {
    Runtime.getRuntime().halt(RUNAWAY);
  }

  /** Ends the process after a moment in which answers are sent. */
  public static void haltAfterAnswers() {
    CompletableFuture.delayedExecutor(ANSWERS.toMillis(), MILLISECONDS).execute(Instances::halt);
  }

  private static void endOrHalt(boolean ended) {
    if (!ended) {
      haltAfterAnswers();
    }
  }
}
