package dev.hearth.host;

import dev.hearth.contracts.host.InstanceSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The instances of this host by id. An instance that cannot be stopped takes the whole process with
 * it.
 */
final class Instances {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

  private final Map<String, Instance> byId = new ConcurrentHashMap<>();
  private final Interpreters interpreters;

  Instances(Interpreters interpreters) {
    this.interpreters = interpreters;
  }

  Optional<Instance> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** Makes an instance; the stem is made anew in the background. */
  Instance start(InstanceSpec spec) throws Instance.StartFailedException, InterruptedException {
    var taken = interpreters.take(spec.settings().nativeModules());
    try {
      var instance = Instance.start(taken.interpreter(), taken.stem(), spec, START_LIMIT);
      byId.put(spec.id(), instance);
      return instance;
    } catch (Instance.StartFailedException failed) {
      Thread.ofVirtual().start(() -> endOrHalt(taken.interpreter().close(STOP_PATIENCE)));
      throw failed;
    } finally {
      Thread.ofPlatform()
          .daemon()
          .priority(Thread.MIN_PRIORITY)
          .name("stem")
          .start(interpreters::refillStem);
    }
  }

  /** Ends an instance; halts the process when its code does not stop. */
  void stop(String id) {
    var instance = byId.remove(id);
    if (instance != null) {
      endOrHalt(instance.close(STOP_PATIENCE));
    }
  }

  private static void endOrHalt(boolean ended) {
    if (!ended) {
      Runtime.getRuntime().halt(HostMain.RUNAWAY);
    }
  }
}
