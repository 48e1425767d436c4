package dev.hearth.host.isolation;

import dev.hearth.contracts.host.InstanceLimits;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Limits and use of the host process's resources by one instance. Thread-safe: the monitor guards
 * the counts.
 */
public final class Allowance {

  /** Shortest time between log lines about the same limit. */
  private static final Duration TOLD_EVERY = Duration.ofSeconds(10);

  /** A resource is scarce when less than this part of its limit is left. */
  private static final int FEW = 4;

  /** A counted resource, with the reason that Python maps to an {@code errno}. */
  public enum Resource {
    BYTES("No space left on device", "its files in /tmp may hold %d bytes; delete some"),
    FILES("No space left on device", "it may have %d files in /tmp; delete some"),
    DESCRIPTORS("Too many open files", "it may have %d files open; close some");

    private final String reason;
    private final String advice;

    Resource(String reason, String advice) {
      this.reason = reason;
      this.advice = advice;
    }
  }

  private final Map<Resource, Long> limits;
  private final Map<Resource, Long> used = new EnumMap<>(Resource.class);
  private final Map<Resource, Long> toldAt = new EnumMap<>(Resource.class);
  private final Consumer<String> log;
  private final Runnable collector;

  /**
   * Creates an allowance of which nothing is used.
   *
   * @param log receives a line for the function's log when a limit is reached
   * @param collector collects garbage when a resource is scarce, because only a collection closes
   *     dropped files, and then frees those that are deleted
   */
  public Allowance(InstanceLimits limits, Consumer<String> log, Runnable collector) {
    this.limits =
        Map.of(
            Resource.BYTES, limits.temporaryBytes(),
            Resource.FILES, (long) limits.files(),
            Resource.DESCRIPTORS, (long) limits.descriptors());
    this.log = log;
    this.collector = collector;
  }

  /** Returns an allowance without limits, for an interpreter that belongs to no instance yet. */
  public static Allowance unlimited() {
    var most = new InstanceLimits(Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, 1);
    return new Allowance(most, _ -> {}, () -> {});
  }

  /**
   * Takes an amount of a resource.
   *
   * @throws FileSystemException if the amount exceeds what is left; then nothing is taken
   */
  public void take(Resource resource, long amount) throws FileSystemException {
    var isTaken = tryTake(resource, amount);
    if (left(resource) < limit(resource) / FEW || !isTaken) {
      collector.run();
    }
    if (!isTaken) {
      throw new FileSystemException(null, null, resource.reason);
    }
  }

  /** Takes an amount of a resource; returns false and takes nothing if less than that is left. */
  public boolean tryTake(Resource resource, long amount) {
    @Nullable String message = null;
    synchronized (this) {
      var limit = limit(resource);
      var now = used.getOrDefault(resource, 0L);
      if (amount <= limit - now) {
        used.put(resource, now + amount);
        return true;
      }
      if (isDue(resource)) {
        message = "hearth: the instance reached a limit: " + resource.advice.formatted(limit);
      }
    }
    if (message != null) {
      log.accept(message);
    }
    return false;
  }

  private boolean isDue(Resource resource) {
    var now = System.nanoTime();
    var last = toldAt.get(resource);
    if (last != null && now - last < TOLD_EVERY.toNanos()) {
      return false;
    }
    toldAt.put(resource, now);
    return true;
  }

  /** Returns an amount of a resource to the allowance. */
  public synchronized void giveBack(Resource resource, long amount) {
    used.put(resource, Math.max(0, used.getOrDefault(resource, 0L) - amount));
  }

  /** Returns how much of a resource may still be taken. */
  public synchronized long left(Resource resource) {
    return limit(resource) - used.getOrDefault(resource, 0L);
  }

  /** Returns how much of a resource may be used at the same time. */
  public long limit(Resource resource) {
    return limits.getOrDefault(resource, Long.MAX_VALUE);
  }
}
