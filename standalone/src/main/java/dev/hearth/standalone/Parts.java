package dev.hearth.standalone;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The parts of the platform. They start concurrently and are closed one by one in the reverse order
 * of {@link Part}. Every started part is closed, even if another part failed.
 */
final class Parts implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  /** Parts in the order of their dependencies: none needs a later one. */
  enum Part {
    KAFKA,
    DATABASE,
    STORE,
    ARTIFACT_SERVICE,
    EXECUTOR_SERVICE,
    BUILD_SERVICE,
    SCHEDULER_SERVICE,
    API_SERVICE
  }

  private final Map<Part, AutoCloseable> started = new EnumMap<>(Part.class);
  // Platform threads, because class loading pins a virtual thread to its carrier.
  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread::new);
  private boolean isClosed;

  /** Starts a part on its own thread as soon as the parts that it needs have started. */
  <T extends AutoCloseable> CompletableFuture<T> start(
      Part part, Callable<T> start, CompletableFuture<?>... needed) {
    return CompletableFuture.allOf(needed).thenApplyAsync(_ -> keep(part, call(start)), threads);
  }

  private static <T> T call(Callable<T> start) {
    try {
      return start.call();
    } catch (Exception failed) {
      // Carries any failure of a part to those that wait for it.
      throw new CompletionException(failed);
    }
  }

  private <T extends AutoCloseable> T keep(Part part, T server) {
    synchronized (started) {
      if (!isClosed) {
        started.put(part, server);
        return server;
      }
    }
    close(server);
    throw new IllegalStateException("the platform is being stopped");
  }

  @Override
  public void close() {
    synchronized (started) {
      isClosed = true;
    }
    for (var last = takeLast(); last.isPresent(); last = takeLast()) {
      close(last.get());
    }
    threads.shutdownNow();
  }

  private Optional<AutoCloseable> takeLast() {
    synchronized (started) {
      var last = started.keySet().stream().max(Enum::compareTo);
      return last.map(started::remove);
    }
  }

  private static void close(AutoCloseable server) {
    try {
      server.close();
    } catch (Exception failed) {
      // One part that does not stop must not keep the others running.
      log.atWarn().setCause(failed).log("part of the platform not stopped cleanly");
    }
  }
}
