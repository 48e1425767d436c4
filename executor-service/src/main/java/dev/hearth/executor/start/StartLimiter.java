package dev.hearth.executor.start;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * Limits the parallel starts of each tenant. When a host ends, all its instances start again. If
 * they did so at once, none would keep the time limit of imports, and each failed start may end the
 * next host.
 */
@Component
public class StartLimiter {

  private final int limit;
  private final Map<String, Entry> byTenant = new ConcurrentHashMap<>();

  private record Entry(Semaphore places, int users) {}

  public StartLimiter(StartSettings settings) {
    this.limit = settings.parallelPerTenant();
  }

  /** The right to run a start. */
  public interface Place extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for a place, in the order of the requests. */
  public Place take(String tenant) throws InterruptedException {
    var entry =
        byTenant.compute(
            tenant,
            (_, known) ->
                known == null
                    ? new Entry(new Semaphore(limit, true), 1)
                    : new Entry(known.places(), known.users() + 1));
    try {
      entry.places().acquire();
    } catch (InterruptedException interrupted) {
      forget(tenant);
      throw interrupted;
    }
    return () -> {
      entry.places().release();
      forget(tenant);
    };
  }

  private void forget(String tenant) {
    byTenant.computeIfPresent(
        tenant,
        (_, known) -> known.users() == 1 ? null : new Entry(known.places(), known.users() - 1));
  }

  /** Returns the number of starts that run or wait. */
  public int starts() {
    return byTenant.values().stream().mapToInt(Entry::users).sum();
  }

  /** Returns the number of tenants with starts that run or wait. */
  int tenants() {
    return byTenant.size();
  }
}
