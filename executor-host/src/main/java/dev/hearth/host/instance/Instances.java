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

/**
 * The instances of this host by id. An instance that cannot be stopped takes the whole process with
 * it.
 */
public final class Instances {

  /** Exit code of a host that ended itself because an instance could not be stopped. */
  private static final int RUNAWAY = 70;

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration HOOKS_LIMIT = Duration.ofSeconds(10);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(1);

  /** Nobody waits for the end of an instance that did not start. */
  private static final Duration FAILED_PATIENCE = Duration.ofSeconds(10);

  /** For the answers of the other calls, of which most may be made again elsewhere. */
  private static final Duration ANSWERS = Duration.ofMillis(200);

  /** The first calls of a new instance come before the next stem. */
  private static final Duration REFILL_DELAY = Duration.ofSeconds(1);

  private final ScheduledExecutorService background =
      Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "stem");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        return thread;
      });
  private final AtomicBoolean isWrittenDown = new AtomicBoolean();
  private final Map<String, Instance> byId = new ConcurrentHashMap<>();
  private final Interpreters interpreters;

  /** Whether a tenant has it; the monitor guards it. */
  private boolean isClaimed;

  public Instances(Interpreters interpreters) {
    this.interpreters = interpreters;
  }

  public Optional<Instance> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Makes an instance; the stem is made anew in the background. */
  public Instance start(InstanceSpec spec) throws StartFailedException, InterruptedException {
    var nativeModules = spec.settings().nativeModules();
    claim(nativeModules);
    var taken = interpreters.take(nativeModules);
    try {
      var instance = Instance.start(taken.interpreter(), taken.stem(), spec, START_LIMIT);
      byId.put(spec.id(), instance);
      instance.onFailure(() -> Thread.ofVirtual().start(() -> endOrHalt(stop(spec.id()))));
      return instance;
    } catch (StartFailedException failed) {
      Thread.ofVirtual().start(() -> endOrHalt(taken.interpreter().close(FAILED_PATIENCE)));
      throw failed;
    } finally {
      // A host with a heap for one instance has no other one.
      if (spec.settings().scaling().flatMap(Scaling::memoryMiB).isEmpty()) {
        background.schedule(() -> refill(nativeModules), REFILL_DELAY.toMillis(), MILLISECONDS);
      }
    }
  }

  /** A tenant's instances with native modules are in one host, its others in another. */
  private synchronized void claim(boolean nativeModules) {
    if (isClaimed) {
      return;
    }
    isClaimed = true;
    if (!nativeModules) {
      // Only native modules need them, which patchelf copies.
      SystemCalls.giveUpProcesses();
    }
    background.execute(() -> interpreters.dropStems(!nativeModules));
  }

  /** What is made anew from a snapshot should not begin with work that nobody waits for. */
  private void refill(boolean nativeModules) {
    if (!isWrittenDown.getAndSet(false)) {
      interpreters.refillStems(nativeModules);
    }
  }

  /** Has an instance, the only one, get ready to be written down. */
  public InstanceStarted suspend(String id) throws StartFailedException, InterruptedException {
    isWrittenDown.set(true);
    interpreters.dropStems(true);
    interpreters.dropStems(false);
    var instance = known(id);
    instance.suspend(HOOKS_LIMIT);
    return instance.started();
  }

  /** Has the instance of a snapshot go on. */
  public InstanceStarted resume(String id) throws StartFailedException, InterruptedException {
    return known(id).resume(HOOKS_LIMIT);
  }

  private Instance known(String id) throws StartFailedException {
    return find(id).orElseThrow(() -> new StartFailedException("it is not here", ""));
  }

  /** Ends an instance; whether that worked. If not, only {@link #halt} helps. */
  public boolean stop(String id) {
    var instance = byId.remove(id);
    return instance == null || instance.close(STOP_PATIENCE);
  }

  /** Ends the process, and with it what could not be stopped. */
  public static void halt() {
    Runtime.getRuntime().halt(RUNAWAY);
  }

  /** As {@link #halt}, when the answers that are there have had time to leave. */
  public static void haltAfterAnswers() {
    CompletableFuture.delayedExecutor(ANSWERS.toMillis(), MILLISECONDS).execute(Instances::halt);
  }

  private static void endOrHalt(boolean ended) {
    if (!ended) {
      haltAfterAnswers();
    }
  }
}
