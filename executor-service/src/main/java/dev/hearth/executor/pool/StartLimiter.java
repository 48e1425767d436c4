package dev.hearth.executor.pool;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/**
 * How many starts of one tenant's run at a time: as many as there are processors. Imports have a
 * limit. When a host ends, all that was in it starts again, and if all did so at once none would
 * end in time; each that does not end may take the next host with it, and the others again.
 */
@Component
class StartLimiter {

  private final Map<String, Semaphore> byTenant = new ConcurrentHashMap<>();

  /** The right to run a start. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for a turn; in the order of asking. */
  Turn take(String tenant) throws InterruptedException {
    var turns =
        byTenant.computeIfAbsent(
            tenant, _ -> new Semaphore(Runtime.getRuntime().availableProcessors(), true));
    turns.acquire();
    return turns::release;
  }
}
